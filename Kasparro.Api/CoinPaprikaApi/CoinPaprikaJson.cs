using System.Globalization;
using System.Text.Json.Serialization;
using Kasparro.Api.Http;

namespace Kasparro.Api.CoinPaprikaApi;

/// <summary>CoinPaprika's responses as JSON.</summary>
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
    /// <summary>Texts of all scripts as they are, not as escapes.</summary>
    public static CoinPaprikaJson Relaxed { get; } = new(RelaxedJson.CreateOptions());

    /// <summary>A time as CoinPaprika writes it.</summary>
    public static string? Time(DateTime? time) => time is { } known ? Time(known) : null;

    /// <summary>A time as CoinPaprika writes it.</summary>
    public static string Time(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
