using System.Globalization;
using System.Text.Json;
using Kasparro.Simulator.Generation;
using Kasparro.Simulator.Market;
using Kasparro.Simulator.Wire;

namespace Kasparro.Simulator.Upstreams;

/// <summary>CoinPaprika's responses, generated from the synthetic catalogue.</summary>
internal sealed class GeneratedCoinPaprika(SyntheticCatalogue catalogue, MarketFeed feed, UpstreamPlan plan) : ICoinPaprikaResponses
{
    /// <summary>The number of ranks after which the free plan's <c>/tickers</c> ends.</summary>
    public const int FreeTickers = 2_000;

    private const NumberStyle Style = NumberStyle.Go;

    private readonly string[] _platforms =
        [.. Platform.All.Select(p => p.PaprikaId).Where(id => id is not null).Order(StringComparer.Ordinal)!];

    private readonly Dictionary<string, PaprikaListing> _listings =
        catalogue.CoinPaprika.ToDictionary(listing => listing.Id, StringComparer.Ordinal);

    public DateTimeOffset Now => feed.Now;

    public UpstreamPlan Plan => plan;

    public IReadOnlyCollection<HistoryPoint>? History(string id, DateTimeOffset from, DateTimeOffset to, TimeSpan step)
    {
        if (!_listings.TryGetValue(id, out var listing))
        {
            return null;
        }

        return listing.IsActive ? [.. feed.History(listing.Asset, from, to, step)] : [];
    }

    public ResponseBody Coins()
    {
        var inactive = catalogue.CoinPaprika.Where(p => !p.IsActive).Select(p => new Ranked<PaprikaListing>(p, 0, 0));
        return ResponseBodies.Array(feed.Current.Paprika.Concat(inactive), WriteCoin);
    }

    public ResponseBody Tickers()
    {
        var market = feed.Current;
        var listings = plan == UpstreamPlan.Free ? market.Paprika.Take(FreeTickers) : market.Paprika;
        return ResponseBodies.Array(listings, (json, ranked) => WriteTicker(json, ranked, market));
    }

    public ResponseBody Platforms() => ResponseBodies.Array(_platforms);

    public ResponseBody? Contracts(string platform)
    {
        if (!_platforms.Contains(platform, StringComparer.Ordinal))
        {
            return null;
        }

        var contracts = from listing in catalogue.CoinPaprika
                        from contract in listing.Contracts
                        where contract.Platform.PaprikaId == platform
                        select (listing, contract);
        return ResponseBodies.Array(contracts, static (json, c) => WriteContract(json, c.listing, c.contract));
    }

    public ResponseBody Global() => async (body, cancellationToken) =>
    {
        var market = feed.Current;
        var second = market.Interval * market.IntervalSeconds;
        var cap = market.Paprika.Sum(p => p.Cap);
        var volume = market.Paprika.Sum(p => MarketModel.Volume(p.Listing.Asset, second));
        using var stream = new JsonStream(body);
        var json = stream.Json;
        json.WriteStartObject();
        json.WriteNumber("market_cap_usd"u8, Math.Round(cap), Style);
        json.WriteNumber("volume_24h_usd"u8, Math.Round(volume), Style);
        json.WriteNumber("bitcoin_dominance_percentage"u8, Math.Round(100 * market.Paprika[0].Cap / cap, 2), Style);
        json.WriteNumber("cryptocurrencies_number"u8, market.Paprika.Count);
        json.WriteNumber("last_updated"u8, second);
        json.WriteEndObject();
        await stream.FlushAsync(cancellationToken);
    };

    private static void WriteCoin(Utf8JsonWriter json, Ranked<PaprikaListing> ranked)
    {
        var listing = ranked.Listing;
        json.WriteStartObject();
        json.WriteString("id"u8, listing.Id);
        json.WriteString("name"u8, listing.Name);
        json.WriteString("symbol"u8, listing.Symbol);
        json.WriteNumber("rank"u8, ranked.Rank ?? 0);
        json.WriteBoolean("is_new"u8, listing.IsActive && Noise.Unit(listing.Asset.Key, 110) < 0.01);
        json.WriteBoolean("is_active"u8, listing.IsActive);
        json.WriteString("type"u8, listing.IsToken ? "token"u8 : "coin"u8);
        json.WriteEndObject();
    }

    private static void WriteContract(Utf8JsonWriter json, PaprikaListing listing, PlatformContract contract)
    {
        json.WriteStartObject();
        json.WriteString("address"u8, contract.Address);
        json.WriteString("type"u8, contract.Platform.ContractType);
        json.WriteString("id"u8, listing.Id);
        json.WriteBoolean("active"u8, listing.IsActive);
        json.WriteEndObject();
    }

    private void WriteTicker(Utf8JsonWriter json, Ranked<PaprikaListing> ranked, MarketSnapshot market)
    {
        var listing = ranked.Listing;
        var asset = listing.Asset;
        var second = market.UpdatedAt(asset);
        var price = Rounding.Significant(MarketModel.Price(asset, second), 14);
        var high = MarketModel.AllTimeHigh(asset);
        json.WriteStartObject();
        json.WriteString("id"u8, listing.Id);
        json.WriteString("name"u8, listing.Name);
        json.WriteString("symbol"u8, listing.Symbol);
        json.WriteNumber("rank"u8, ranked.Rank ?? 0);
        if (plan == UpstreamPlan.Paid)
        {
            json.WriteNumber("circulating_supply"u8, Math.Round(asset.Market.Circulating), Style);
        }

        json.WriteNumber("total_supply"u8, Math.Round(asset.Market.Total), Style);
        json.WriteNumber("max_supply"u8, Math.Round(asset.Market.Max ?? 0), Style);
        WriteUncertain(json, "beta_value"u8, Math.Round(2 * Noise.Unit(asset.Key, 111), 6), listing.Shape);
        json.WriteString("first_data_at"u8, Time(MarketModel.PastDay(asset, 1).UtcDateTime.Date));
        json.WriteString("last_updated"u8, Time(DateTimeOffset.FromUnixTimeSeconds(second).UtcDateTime));
        json.WriteStartObject("quotes"u8);
        json.WriteStartObject("USD"u8);
        json.WriteNumber("price"u8, price, Style);
        json.WriteNumber("volume_24h"u8, Rounding.Significant(MarketModel.Volume(asset, second), 14), Style);
        WriteChange("volume_24h_change_24h"u8, MarketModel.Day);
        WriteUncertain(json, "market_cap"u8, Math.Round(ranked.Cap), listing.Shape);
        WriteChange("market_cap_change_24h"u8, MarketModel.Day);
        WriteChange("percent_change_15m"u8, 900);
        WriteChange("percent_change_30m"u8, 1_800);
        WriteChange("percent_change_1h"u8, 3_600);
        WriteChange("percent_change_6h"u8, 21_600);
        WriteChange("percent_change_12h"u8, 43_200);
        WriteChange("percent_change_24h"u8, MarketModel.Day);
        WriteChange("percent_change_7d"u8, 7 * MarketModel.Day);
        WriteChange("percent_change_30d"u8, 30 * MarketModel.Day);
        WriteChange("percent_change_1y"u8, 365 * MarketModel.Day);
        WriteUncertain(json, "ath_price"u8, Rounding.Significant(high, 14), listing.Shape);
        if (listing.Shape == PaprikaQuoteShape.Complete)
        {
            json.WriteString("ath_date"u8, Time(MarketModel.PastDay(asset, 2).UtcDateTime));
        }
        else
        {
            json.WriteNull("ath_date"u8);
        }

        WriteUncertain(json, "percent_from_price_ath"u8, Math.Round(100 * ((price / high) - 1), 2), listing.Shape);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();

        void WriteChange(ReadOnlySpan<byte> name, long over) =>
            json.WriteNumber(name, Math.Round(MarketModel.Change(asset, second, over), 2), Style);
    }

    private static string Time(DateTime utc) => utc.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Writes a number that the upstream does not know for every coin.</summary>
    private static void WriteUncertain(Utf8JsonWriter json, ReadOnlySpan<byte> name, double value, PaprikaQuoteShape shape)
    {
        if (shape == PaprikaQuoteShape.EmptyStrings)
        {
            json.WriteString(name, ""u8);
        }
        else
        {
            json.WriteNumber(name, shape == PaprikaQuoteShape.Nulls ? null : value, Style);
        }
    }
}
