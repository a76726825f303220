using System.Text.Json;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Sources.Drift;
using Microsoft.Extensions.Options;

namespace Kasparro.Ingestion.Sources.CoinPaprika;

/// <summary>All coins first (what they are), then the tickers (what they cost), then the contracts (what they are elsewhere).</summary>
internal sealed class CoinPaprikaSource(IServiceProvider services, IOptions<CoinPaprikaOptions> options) : ISource
{
    public string Name => SourceNames.CoinPaprika;

    public bool MayShrink => options.Value.MayShrink;

    public IReadOnlyList<ISourceStream> GetStreams(IngestionRequest request) =>
    [
        new CoinsStream(services),
        new TickersStream(services),
        .. options.Value.EvidenceInterval > TimeSpan.Zero
            ? [new ContractsStream(services, options.Value.EvidenceInterval)]
            : Array.Empty<ISourceStream>(),
    ];

    /// <summary>Contracts, a platform a page.</summary>
    private sealed class ContractsStream(IServiceProvider services, TimeSpan minInterval) : ISourceStream
    {
        public string Name => "contracts";

        public RecordKind Kind => RecordKind.Evidence;

        public TimeSpan MinInterval => minInterval;

        public IAsyncEnumerable<SourcePage> ReadAsync(ResumePoint from, CancellationToken cancellationToken) =>
            services.GetRequiredService<CoinPaprikaClient>().ReadContractsAsync(from, cancellationToken);
    }

    /// <summary>The list of all coins. A stream outlives no handler of the client factory: each reading asks for a client.</summary>
    private sealed class CoinsStream(IServiceProvider services) : ISourceStream
    {
        public string Name => CoinPaprikaSchemas.Coins.Stream;

        public RecordKind Kind => RecordKind.Profile;

        public bool ListsAll => true;

        public bool ResumesAfterInterruption => false;

        public ExpectedSchema Schema => CoinPaprikaSchemas.Coins;

        public Action<JsonElement, RecordBuilder> Map => CoinPaprikaRecords.MapCoin;

        public IAsyncEnumerable<SourcePage> ReadAsync(ResumePoint from, CancellationToken cancellationToken) =>
            services.GetRequiredService<CoinPaprikaClient>().ReadCoinsAsync(cancellationToken);
    }

    /// <summary>The tickers.</summary>
    private sealed class TickersStream(IServiceProvider services) : ISourceStream
    {
        public string Name => CoinPaprikaSchemas.Tickers.Stream;

        public RecordKind Kind => RecordKind.Quote;

        public bool ListsAll => true;

        public bool ResumesAfterInterruption => false;

        public ExpectedSchema Schema => CoinPaprikaSchemas.Tickers;

        public Action<JsonElement, RecordBuilder> Map => CoinPaprikaRecords.MapTicker;

        public IAsyncEnumerable<SourcePage> ReadAsync(ResumePoint from, CancellationToken cancellationToken) =>
            services.GetRequiredService<CoinPaprikaClient>().ReadTickersAsync(cancellationToken);
    }
}
