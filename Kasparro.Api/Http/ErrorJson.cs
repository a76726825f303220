using System.Text.Json.Serialization;

namespace Kasparro.Api.Http;

/// <summary>The JSON of error responses. It is separate from <see cref="ApiJson"/>, since this folder knows no feature.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CoinGeckoStatusError))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(VendorError))]
internal sealed partial class ErrorJson : JsonSerializerContext
{
    /// <summary>The context with <see cref="RelaxedJson"/>'s options.</summary>
    public static ErrorJson Relaxed { get; } = new(RelaxedJson.CreateOptions());
}
