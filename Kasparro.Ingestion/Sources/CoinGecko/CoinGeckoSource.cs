using Kasparro.Ingestion.Model;
using Microsoft.Extensions.Options;

namespace Kasparro.Ingestion.Sources.CoinGecko;

/// <summary>
/// The market pages (what each coin is and costs), then the list of all coins and their contracts and that of platforms, which may fail
/// without harm to prices.
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

        // What each coin is: it has the last word on symbol and name, and lists coins that have no market too.
        var coins = new UpstreamStream("list", RecordKind.Profile, (_, token) => Client.ReadListAsync(token))
        {
            ListsAll = true,
            Map = CoinGeckoRecords.MapListed,
            MinInterval = interval,
        };

        // Which chain each platform is.
        var platforms = new UpstreamStream("platforms", RecordKind.Platform, (_, token) => Client.ReadPlatformsAsync(token))
        {
            Map = CoinGeckoRecords.MapPlatform,
            MinInterval = interval,
        };

        // What one bitcoin costs in each currency. Nothing of listings: its pages have rates and no records.
        var rates = new UpstreamStream("exchange_rates", RecordKind.Evidence, (_, token) => Client.ReadRatesAsync(token))
        {
            MinInterval = interval,
        };
        return [markets, coins, platforms, rates];
    }
}
