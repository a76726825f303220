using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kasparro.Api.Http;

/// <summary>The JSON of error responses. It is separate from <see cref="ApiJson"/>, since this folder knows no feature.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CoinGeckoStatusError))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(VendorError))]
internal sealed partial class ErrorJson : JsonSerializerContext
{
    /// <summary>The context that leaves characters unescaped that JSON allows.</summary>
    public static ErrorJson Relaxed { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
