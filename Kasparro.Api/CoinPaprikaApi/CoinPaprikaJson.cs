using System.Globalization;
using System.Text.Json.Serialization;
using Kasparro.Api.Http;

namespace Kasparro.Api.CoinPaprikaApi;

/// <summary>Serializes CoinPaprika's responses as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IReadOnlyList<PaprikaCoin>))]
[JsonSerializable(typeof(PaprikaCoinDetails))]
[JsonSerializable(typeof(IReadOnlyList<PaprikaTicker>))]
[JsonSerializable(typeof(IReadOnlyList<PaprikaTick>))]
[JsonSerializable(typeof(IReadOnlyList<PaprikaCandle>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IReadOnlyList<PaprikaContract>))]
[JsonSerializable(typeof(IReadOnlyList<PaprikaMapping>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, IReadOnlyList<PaprikaCoin>>), TypeInfoPropertyName = "FoundByCategory")]
[JsonSerializable(typeof(PaprikaGlobal))]
[JsonSerializable(typeof(PaprikaKey))]
internal sealed partial class CoinPaprikaJson : JsonSerializerContext
{
    /// <summary>The context that writes text of all scripts as is, without escapes.</summary>
    public static CoinPaprikaJson Relaxed { get; } = new(RelaxedJson.CreateOptions());

    /// <summary>Formats a time as CoinPaprika does.</summary>
    public static string? Time(DateTime? time) => time is { } known ? Time(known) : null;

    /// <summary>Formats a time as CoinPaprika does.</summary>
    public static string Time(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
