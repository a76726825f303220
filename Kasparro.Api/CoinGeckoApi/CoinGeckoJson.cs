using System.Globalization;
using System.Text.Json.Serialization;
using Kasparro.Api.Http;
using Kasparro.Api.Vendors;

namespace Kasparro.Api.CoinGeckoApi;

/// <summary>Serializes CoinGecko's responses as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IReadOnlyDictionary<string, IReadOnlyDictionary<string, double?>>), TypeInfoPropertyName = "PricesByCoin")]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IReadOnlyList<CoinGeckoMarket>))]
[JsonSerializable(typeof(IReadOnlyList<CoinGeckoListed>))]
[JsonSerializable(typeof(double?))]
[JsonSerializable(typeof(CoinGeckoCoin))]
[JsonSerializable(typeof(CoinGeckoChart))]
[JsonSerializable(typeof(IReadOnlyList<IReadOnlyList<double>>))]
[JsonSerializable(typeof(IReadOnlyList<CoinGeckoPlatform>))]
[JsonSerializable(typeof(CoinGeckoSearch))]
[JsonSerializable(typeof(CoinGeckoRates))]
[JsonSerializable(typeof(CoinGeckoGlobal))]
[JsonSerializable(typeof(CoinGeckoPing))]
[JsonSerializable(typeof(CoinGeckoKey))]
internal sealed partial class CoinGeckoJson : JsonSerializerContext
{
    /// <summary>The image that CoinGecko shows for a coin without a picture.</summary>
    public const string NoImage = "missing_large.png";

    /// <summary>The context that writes text of all scripts as is, without escapes.</summary>
    public static CoinGeckoJson Relaxed { get; } = new(RelaxedJson.CreateOptions());

    /// <summary>Formats a time as CoinGecko does.</summary>
    public static string? Time(DateTime? time) => time?.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Computes what all units that can ever exist are worth, in US dollars; null if their number is not known.</summary>
    public static double? FullyDiluted(MarketRow row) =>
        row.Price * (row.Supply.Max is > 0 ? row.Supply.Max : row.Supply.Total) is > 0 and var worth && double.IsFinite(worth) ? worth
            : null;
}
