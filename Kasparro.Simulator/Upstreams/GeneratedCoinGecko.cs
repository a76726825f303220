using System.Globalization;
using System.Text.Json;
using Kasparro.Simulator.Generation;
using Kasparro.Simulator.Market;
using Kasparro.Simulator.Wire;

namespace Kasparro.Simulator.Upstreams;

/// <summary>CoinGecko's responses, generated from the synthetic catalogue.</summary>
internal sealed class GeneratedCoinGecko(SyntheticCatalogue catalogue, MarketFeed feed, UpstreamPlan plan) : ICoinGeckoResponses
{
    private readonly Dictionary<string, GeckoListing> _coins =
        catalogue.CoinGecko.ToDictionary(coin => coin.Id, StringComparer.Ordinal);

    public DateTimeOffset Now => feed.Now;

    public UpstreamPlan Plan => plan;

    public IReadOnlyCollection<HistoryPoint>? History(string id, DateTimeOffset from, DateTimeOffset to, TimeSpan step)
    {
        if (!_coins.TryGetValue(id, out var coin))
        {
            return null;
        }

        return coin.Shape == GeckoQuoteShape.Unpriced ? []
            : [.. feed.History(coin.Asset, from, to, step).Select(point => point with { Cap = ShownCap(coin.Shape, point.Cap) })];
    }

    public int? MarketCount => catalogue.CoinGecko.Count;

    public ResponseBody Markets(int page, int perPage)
    {
        var market = feed.Current;
        var from = (int)Math.Min((page - 1L) * perPage, market.Gecko.Count);
        var coins = Enumerable.Range(from, Math.Min(perPage, market.Gecko.Count - from)).Select(i => market.Gecko[i]);
        return ResponseBodies.Array(coins, (json, ranked) => WriteMarket(json, ranked, market));
    }

    public ResponseBody CoinsList(bool withPlatforms) =>
        ResponseBodies.Array(catalogue.CoinGecko, (json, coin) => WriteCoin(json, coin, withPlatforms));

    public ResponseBody Platforms() => PlatformList;

    /// <summary>The platforms of the platform map, in CoinGecko's format.</summary>
    internal static ResponseBody PlatformList { get; } = ResponseBodies.Array(
        PlatformMap.All.Where(platform => platform.Sources.Contains("coingecko", StringComparer.Ordinal)), WritePlatform);

    private static void WritePlatform(Utf8JsonWriter json, PlatformEntry platform)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, platform.Key);
        json.WriteNumber("chain_identifier"u8, platform.ChainId, NumberStyle.Plain);
        json.WriteString("name"u8, platform.Key);
        json.WriteString("shortname"u8, "");
        json.WriteString("native_coin_id"u8, platform.NativeCoin);
        json.WriteNull("image"u8);
        json.WriteEndObject();
    }

    public ResponseBody ExchangeRates()
    {
        var market = feed.Current;
        var bitcoin = market.Gecko.First(ranked => ranked.Listing.Id == "bitcoin").Listing.Asset;
        return Upstreams.ExchangeRates.From(MarketModel.Price(bitcoin, market.UpdatedAt(bitcoin)));
    }

    private static void WriteCoin(Utf8JsonWriter json, GeckoListing coin, bool withPlatforms)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, coin.Id);
        json.WriteString("symbol"u8, coin.Symbol);
        json.WriteString("name"u8, coin.Name);
        if (withPlatforms)
        {
            json.WriteStartObject("platforms"u8);
            foreach (var contract in coin.Contracts)
            {
                json.WriteString(contract.Platform.GeckoId, contract.Address);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteMarket(Utf8JsonWriter json, Ranked<GeckoListing> ranked, MarketSnapshot market)
    {
        var coin = ranked.Listing;
        json.WriteStartObject();
        json.WriteString("id"u8, coin.Id);
        json.WriteString("symbol"u8, coin.Symbol);
        json.WriteString("name"u8, coin.Name);
        var image = $"{coin.Asset.Key % 70_000}/large/{NameGenerator.Slug(coin.Name)}.png?1696501400";
        json.WriteString("image"u8, $"https://coin-images.coingecko.com/coins/images/{image}");
        WriteNumbers(json, ranked, market);
        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, Ranked<GeckoListing> ranked, MarketSnapshot market)
    {
        var (asset, shape) = (ranked.Listing.Asset, ranked.Listing.Shape);
        var second = market.UpdatedAt(asset);

        // The format of numbers changes with every interval, even if the numbers themselves do not.
        var style = Noise.Unit(asset.Key, 112, (ulong)market.Interval) < 0.5 ? NumberStyle.Plain : NumberStyle.Python;
        var isPriced = shape != GeckoQuoteShape.Unpriced;
        double? Priced(double value) => isPriced ? value : null;

        var price = MarketModel.Price(asset, second);
        var change = MarketModel.Change(asset, second, MarketModel.Day) / 100;
        var before = price / (1 + change);
        var cap = ShownCap(shape, Math.Round(ranked.Cap));
        double? known = cap is > 0 ? 1 : null;
        double total = shape == GeckoQuoteShape.HugeValuation ? Rounding.Significant(3e31 / price, 12) : asset.Market.Total;
        double? max = shape == GeckoQuoteShape.HugeValuation ? null : asset.Market.Max;

        json.WriteNumber("current_price"u8, Priced(Rounding.Price(price)), style);
        json.WriteNumber("market_cap"u8, cap, shape == GeckoQuoteShape.ZeroCap ? NumberStyle.Python : style);
        json.WriteNumber("market_cap_rank"u8, ranked.Rank, NumberStyle.Plain);
        json.WriteNumber("fully_diluted_valuation"u8, known * Math.Round(price * (max ?? total)), style);
        json.WriteNumber("total_volume"u8, Priced(Rounding.Price(MarketModel.Volume(asset, second))), style);
        json.WriteNumber("high_24h"u8, Priced(Rounding.Price(Math.Max(price, before) * 1.004)), style);
        json.WriteNumber("low_24h"u8, Priced(Rounding.Price(Math.Min(price, before) * 0.996)), style);
        json.WriteNumber("price_change_24h"u8, Priced(Rounding.Significant(price - before, 12)), style);
        json.WriteNumber("price_change_percentage_24h"u8, Priced(Math.Round(100 * change, 5)), style);
        json.WriteNumber("market_cap_change_24h"u8, cap is > 0 ? Rounding.Significant(cap.Value * change / (1 + change), 12) : null, style);
        json.WriteNumber("market_cap_change_percentage_24h"u8, known * Math.Round(100 * change, 5), style);
        json.WriteNumber("circulating_supply"u8, cap is null ? null : cap.Value == 0 ? 0 : asset.Market.Circulating, style);
        json.WriteNumber("total_supply"u8, Priced(total), style);
        json.WriteNumber("max_supply"u8, max, style);
        var (high, low) = (MarketModel.AllTimeHigh(asset), MarketModel.AllTimeLow(asset));
        json.WriteNumber("ath"u8, Priced(Rounding.Price(high)), style);
        json.WriteNumber("ath_change_percentage"u8, Priced(Math.Round(100 * ((price / high) - 1), 5)) ?? 0, style);
        WriteTime(json, "ath_date"u8, isPriced ? MarketModel.PastDay(asset, 2) : null);
        json.WriteNumber("atl"u8, Priced(Rounding.Price(low)), style);
        json.WriteNumber("atl_change_percentage"u8, Priced(Math.Round(100 * ((price / low) - 1), 5)) ?? 0, style);
        WriteTime(json, "atl_date"u8, isPriced ? MarketModel.PastDay(asset, 3) : null);
        WriteReturn(json, asset, isPriced);

        // A time in the minute before, as coins are updated one after the other.
        WriteTime(json, "last_updated"u8,
            isPriced ? DateTimeOffset.FromUnixTimeSeconds(second).AddMilliseconds(-(int)(asset.Key % 59_000)) : null);
    }

    /// <summary>Gets the market cap that a coin of this shape shows.</summary>
    private static double? ShownCap(GeckoQuoteShape shape, double? cap) => shape switch
    {
        GeckoQuoteShape.Complete or GeckoQuoteShape.HugeValuation => cap,
        GeckoQuoteShape.ZeroCap => 0,
        _ => null,
    };

    private static void WriteReturn(Utf8JsonWriter json, SyntheticAsset asset, bool isPriced)
    {
        if (!isPriced || Noise.Unit(asset.Key, 113) > 0.18)
        {
            json.WriteNull("roi"u8);
            return;
        }

        var times = Math.Round((20 * Noise.Unit(asset.Key, 114)) - 1, 10);
        json.WriteStartObject("roi"u8);
        json.WriteNumber("times"u8, times, NumberStyle.Python);
        json.WriteString("currency"u8, "usd"u8);
        json.WriteNumber("percentage"u8, Math.Round(100 * times, 8), NumberStyle.Python);
        json.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset? time)
    {
        if (time is { } known)
        {
            json.WriteString(name, known.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
