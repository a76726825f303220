using Kasparro.Ingestion.Model;
using Microsoft.Extensions.Options;

namespace Kasparro.Ingestion.Sources.CoinGecko;

/// <summary>
/// Reads the market pages (profiles and prices), then the list of all coins with their contracts, the platforms and the exchange rates,
/// which may fail without affecting prices.
/// </summary>
internal sealed class CoinGeckoSource(
    IServiceProvider services, IOptions<CoinGeckoOptions> options, IOptions<UpstreamKind> upstreams) : ISource
{
    public string Name => SourceNames.CoinGecko;

    public bool MayShrink => options.Value.MayShrink;

    private CoinGeckoClient Client => services.GetRequiredService<CoinGeckoClient>();

    public IReadOnlyList<ISourceStream> GetStreams(IngestionRequest request)
    {
        var markets = new UpstreamStream(
            CoinGeckoSchemas.Markets.Stream, RecordKind.Quote, (from, token) => Client.ReadMarketsAsync(from, token))
        {
            ResumesAfterInterruption = true,
            ListsAll = options.Value.MaxPages == 0,
            Map = CoinGeckoRecords.MapMarket,
            Schema = CoinGeckoSchemas.Markets,
            MinInterval = upstreams.Value.IsLive ? options.Value.MarketsInterval : TimeSpan.Zero,
        };
        if (options.Value.EvidenceInterval is not { Ticks: > 0 } interval)
        {
            return [markets];
        }

        // The profile of each coin: it determines symbol and name, and also lists coins without a market.
        var coins = new UpstreamStream("list", RecordKind.Profile, (_, token) => Client.ReadListAsync(token))
        {
            ListsAll = true,
            Map = CoinGeckoRecords.MapListed,
            MinInterval = interval,
        };

        // The chain of each platform.
        var platforms = new UpstreamStream("platforms", RecordKind.Platform, (_, token) => Client.ReadPlatformsAsync(token))
        {
            Map = CoinGeckoRecords.MapPlatform,
            MinInterval = interval,
        };

        // The price of one bitcoin in each currency. Its pages have rates but no records, so it describes no listings.
        var rates = new UpstreamStream("exchange_rates", RecordKind.Evidence, (_, token) => Client.ReadRatesAsync(token))
        {
            MinInterval = interval,
        };
        return [markets, coins, platforms, rates];
    }
}
