using Kasparro.Api.Catalogue;
using Kasparro.Api.Http;
using Kasparro.Api.Vendors;
using Microsoft.Extensions.Options;

namespace Kasparro.Api.CoinGeckoApi;

/// <summary>Reads what does not belong to a single coin: platforms, rates, the whole market, the search, and what a key may do.</summary>
internal sealed class OverviewReader(MarketReader markets, GlobalReader global, FoundReader found, IOptions<RateLimitOptions> limits)
{
    private const int Shown = 10;

    /// <summary>Lists the platforms of the platform map.</summary>
    public static IReadOnlyList<CoinGeckoPlatform> Platforms(PlatformsRequest request) =>
        request.Filter?.Trim().Equals("nft", StringComparison.OrdinalIgnoreCase) is true
            ? []
            : [.. PlatformMap.All.Select(platform => new CoinGeckoPlatform(
                platform.Key, platform.ChainId, platform.Key, "", platform.NativeCoin, CoinGeckoImage.None))];

    /// <summary>Describes what any key may do, according to the rate limit.</summary>
    public CoinGeckoKey Key()
    {
        var perMinute = limits.Value.Enabled ? (long?)(limits.Value.Requests * TimeSpan.FromMinutes(1) / limits.Value.Window) : null;
        return new("Kasparro", perMinute, null, null, null, perMinute, null, null);
    }

    /// <summary>Reads the newest rates.</summary>
    /// <param name="areOfPrices">Whether they follow the catalogue's prices of coins: CoinGecko's may be a day old.</param>
    public async Task<RenderedPage> ReadRatesAsync(bool areOfPrices)
    {
        var read = await markets.ReadAsync(_ => "SELECT 1 WHERE false", _ => 0);
        var bitcoin = areOfPrices ? read.Rates.All.FirstOrDefault(rate => rate.Code == "btc")?.CoinPrice : null;
        var rates = read.Rates.All.ToDictionary(
            rate => rate.Code,
            rate => new CoinGeckoRate(rate.Name, rate.Unit, read.Rates.Convert(bitcoin, rate.Code) ?? rate.PerBitcoin, rate.Kind),
            StringComparer.Ordinal);
        return RenderedPage.Create(read.Stamp, new(rates), ApiJson.Relaxed.CoinGeckoRates);
    }

    /// <summary>Reads the figures of the whole market.</summary>
    public async Task<RenderedPage> ReadGlobalAsync()
    {
        var read = await global.ReadAsync(SourceNames.CoinGecko);
        return RenderedPage.Create(
            read.Largest.Stamp,
            new(new(
                read.Count, UpcomingIcos: 0, OngoingIcos: 0, EndedIcos: 0, Markets: 0, InAll(read.MarketCap), InAll(read.Volume),
                read.Largest.Rows.Take(Shown).Where(row => read.GetShare(row) is not null)
                    .GroupBy(row => row.Symbol.ToLowerInvariant(), StringComparer.Ordinal)
                    .ToDictionary(coin => coin.Key, coin => read.GetShare(coin.First())!.Value, StringComparer.Ordinal),
                read.MarketCapChange, read.VolumeChange,
                read.UpdatedAt is { } at ? new DateTimeOffset(at).ToUnixTimeSeconds() : 0)),
            ApiJson.Relaxed.CoinGeckoGlobal);

        Dictionary<string, double> InAll(double dollars) => read.Largest.Rates.Codes
            .ToDictionary(code => code, code => read.Largest.Convert(dollars, code) ?? 0, StringComparer.Ordinal);
    }

    /// <summary>Finds the coins that contain a text, the largest first.</summary>
    public async Task<RenderedPage> SearchAsync(SearchRequest request, VendorClient client)
    {
        var read = await found.ReadAsync(SourceNames.CoinGecko, request.Query ?? "", FoundReader.MaxCount);
        IReadOnlyList<CoinGeckoFound> coins =
        [
            .. read.Rows.Select(coin => (Coin: coin, Image: CoinGeckoImage.From(client.FindLogo(coin.AssetId, coin.HasLogo))))
                .Select(found => new CoinGeckoFound(
                    found.Coin.Id, found.Coin.Name, found.Coin.Id, found.Coin.Symbol, found.Coin.Rank, found.Image.Thumb,
                    found.Image.Large)),
        ];
        return RenderedPage.Create(read.Stamp, new(coins, [], [], [], []), ApiJson.Relaxed.CoinGeckoSearch);
    }
}
