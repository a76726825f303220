using System.Text.Json;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Runs;
using Kasparro.Ingestion.Sources.Drift;
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

    public IReadOnlyList<ISourceStream> GetStreams(IngestionRequest request) =>
    [
        new MarketsStream(
            services, listsAll: options.Value.MaxPages == 0, upstreams.Value.IsLive ? options.Value.MarketsInterval : TimeSpan.Zero),
        .. options.Value.EvidenceInterval is { Ticks: > 0 } interval
            ? [new CoinListStream(services, interval), new PlatformsStream(services, interval), new RatesStream(services, interval)]
            : Array.Empty<ISourceStream>(),
    ];

    /// <summary>What each coin is: it has the last word on symbol and name, and lists coins that have no market too.</summary>
    private sealed class CoinListStream(IServiceProvider services, TimeSpan minInterval) : ISourceStream
    {
        public string Name => "list";

        public RecordKind Kind => RecordKind.Profile;

        public bool ListsAll => true;

        public TimeSpan MinInterval => minInterval;

        public bool ResumesAfterInterruption => false;

        public Action<JsonElement, RecordBuilder> Map => CoinGeckoRecords.MapListed;

        public IAsyncEnumerable<SourcePage> ReadAsync(ResumePoint from, CancellationToken cancellationToken) =>
            services.GetRequiredService<CoinGeckoClient>().ReadListAsync(cancellationToken);
    }

    /// <summary>Which chain each platform is.</summary>
    private sealed class PlatformsStream(IServiceProvider services, TimeSpan minInterval) : ISourceStream
    {
        public string Name => "platforms";

        public RecordKind Kind => RecordKind.Platform;

        public TimeSpan MinInterval => minInterval;

        public bool ResumesAfterInterruption => false;

        public Action<JsonElement, RecordBuilder> Map => CoinGeckoRecords.MapPlatform;

        public IAsyncEnumerable<SourcePage> ReadAsync(ResumePoint from, CancellationToken cancellationToken) =>
            services.GetRequiredService<CoinGeckoClient>().ReadPlatformsAsync(cancellationToken);
    }

    /// <summary>What one bitcoin costs in each currency.</summary>
    private sealed class RatesStream(IServiceProvider services, TimeSpan minInterval) : ISourceStream
    {
        public string Name => "exchange_rates";

        // Nothing of listings: its pages have rates and no records.
        public RecordKind Kind => RecordKind.Evidence;

        public TimeSpan MinInterval => minInterval;

        public bool ResumesAfterInterruption => false;

        public IAsyncEnumerable<SourcePage> ReadAsync(ResumePoint from, CancellationToken cancellationToken) =>
            services.GetRequiredService<CoinGeckoClient>().ReadRatesAsync(cancellationToken);
    }

    /// <summary>A stream outlives no handler of the client factory: each reading asks for a client.</summary>
    private sealed class MarketsStream(IServiceProvider services, bool listsAll, TimeSpan minInterval) : ISourceStream
    {
        public TimeSpan MinInterval => minInterval;

        public string Name => CoinGeckoSchemas.Markets.Stream;

        public RecordKind Kind => RecordKind.Quote;

        public bool ListsAll => listsAll;

        public ExpectedSchema Schema => CoinGeckoSchemas.Markets;

        public Action<JsonElement, RecordBuilder> Map => CoinGeckoRecords.MapMarket;

        public IAsyncEnumerable<SourcePage> ReadAsync(ResumePoint from, CancellationToken cancellationToken) =>
            services.GetRequiredService<CoinGeckoClient>().ReadMarketsAsync(from, cancellationToken);
    }
}
