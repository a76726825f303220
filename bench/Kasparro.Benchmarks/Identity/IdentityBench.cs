using Kasparro.Benchmarks.Ingestion;
using Kasparro.Benchmarks.Reporting;
using Kasparro.Data;
using Kasparro.Ingestion.Identity;
using Kasparro.Ingestion.Loading;
using Kasparro.Ingestion.Runs;
using Kasparro.Ingestion.Sources;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Kasparro.Benchmarks.Identity;

/// <summary>
/// CoinGecko's pages of 250 over a catalogue that holds all of CoinPaprika's 100,000: each listing has its partner there. Each page is resolved in a
/// transaction that is rolled back, and then loaded, whole, as any ingestion does, by another worker that knows nothing of it. What resolving read is warm
/// for loading, which favours loading.
/// </summary>
internal sealed class IdentityBench(BenchArguments arguments)
{
    private const int PagesARound = 30;

    /// <summary>Milliseconds a page, a round's mean.</summary>
    public Series Resolving { get; } = new();

    /// <summary>Milliseconds a page, resolving included.</summary>
    public Series Loading { get; } = new();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var database = await BenchDatabase.CreateAsync(arguments.Postgres, "kasparro_bench_identity", cancellationToken);
        using var pipeline = new BenchPipeline(database.ConnectionString, arguments.Redis);
        using var resolver = new BenchPipeline(database.ConnectionString, arguments.Redis);
        var upstream = CannedUpstream.Of(new SyntheticRecords(seed: 1), arguments.Records, changed: false);
        await pipeline.IngestAsync(SourceNames.CoinPaprika, upstream, (arguments.Records, 0, 0), cancellationToken);
        await database.SettleAsync(cancellationToken);

        var journal = pipeline.Services.GetRequiredService<RunJournal>();
        var token = await journal.DrawTokenAsync(cancellationToken);
        var run = await journal.StartAsync(Guid.CreateVersion7(), SourceNames.CoinGecko, "command", "simulated", token, cancellationToken);
        var source = pipeline.Services.GetServices<ISource>().Single(source => source.Name == SourceNames.CoinGecko);
        var stream = source.GetStreams(new IngestionRequest("command", [SourceNames.CoinGecko])).First(stream => stream.Kind is RecordKind.Quote);

        // The first round warms everything up and is not counted.
        var (resolving, loading, number) = (TimeSpan.Zero, TimeSpan.Zero, 0);
        await foreach (var page in stream.ReadAsync(ResumePoint.Start, cancellationToken))
        {
            resolving += await ResolveAsync(resolver.Services, run, stream, page, cancellationToken);
            loading += await LoadAsync(pipeline.Services, run, stream, page, cancellationToken);
            if (++number % PagesARound > 0)
            {
                continue;
            }

            if (number > PagesARound)
            {
                Resolving.Add(resolving.TotalMilliseconds / PagesARound);
                Loading.Add(loading.TotalMilliseconds / PagesARound);
            }

            (resolving, loading) = (TimeSpan.Zero, TimeSpan.Zero);
            if (Loading.Values.Count == arguments.Rounds)
            {
                return;
            }
        }

        throw new InvalidOperationException($"{arguments.Records} records are too few for {arguments.Rounds} rounds of {PagesARound} pages.");
    }

    private static async Task<TimeSpan> ResolveAsync(
        IServiceProvider services, ActiveRun run, ISourceStream stream, SourcePage page, CancellationToken cancellationToken)
    {
        var changes = new PageChanges(run, stream, page, TimeProvider.System.GetUtcNow());
        foreach (var record in page.Records)
        {
            changes.Insert(StableId.ForListing(run.Source, record.ExternalId), record);
        }

        await using var connection = await services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        _ = await PageOpening.ReadAsync(connection, run, stream.Kind, [], cancellationToken);
        var began = TimeProvider.System.GetTimestamp();
        _ = await services.GetRequiredService<IdentityResolver>()
            .ResolveAsync(connection, run.FencingToken, changes.Reidentified, formerKeys: [], moved: [], others: [], cancellationToken);
        return TimeProvider.System.GetElapsedTime(began);
    }

    private static async Task<TimeSpan> LoadAsync(
        IServiceProvider services, ActiveRun run, ISourceStream stream, SourcePage page, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        var outcome = await services.GetRequiredService<PageLoader>().LoadAsync(run, stream, page, page.FetchedAt, cancellationToken);
        var took = TimeProvider.System.GetElapsedTime(began);
        return outcome.Inserted == page.Records.Count ? took : throw new InvalidOperationException($"Page {page.Number}: {outcome}");
    }
}
