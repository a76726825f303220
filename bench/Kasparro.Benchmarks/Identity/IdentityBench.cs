using System.Diagnostics.Metrics;
using Kasparro.Benchmarks.Ingestion;
using Kasparro.Benchmarks.Reporting;
using Kasparro.Data.Runs;
using Kasparro.Ingestion.Loading;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Postgres;
using Kasparro.Ingestion.Sources;
using Microsoft.Extensions.DependencyInjection;

namespace Kasparro.Benchmarks.Identity;

/// <summary>
/// Ingests CoinGecko's pages of 250 into a catalogue that holds all of CoinPaprika's 100,000, so that each listing has a match there, as on
/// few real pages. The share of entity resolution in a page's load comes from the product's own metrics.
/// </summary>
internal sealed class IdentityBench(BenchArguments arguments)
{
    private const int PagesARound = 30;

    // Not counted: until the code is compiled in its final tier.
    private const int WarmUpRounds = 3;

    /// <summary>The milliseconds per page that entity resolution takes, as the mean of each round.</summary>
    public Series Resolving { get; } = new();

    /// <summary>The milliseconds per page from the upstream's response to the commit, including entity resolution.</summary>
    public Series Loading { get; } = new();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var database = await BenchDatabase.CreateAsync(arguments.Postgres, "kasparro_bench_identity", cancellationToken);
        using var pipeline = new BenchPipeline(database.ConnectionString, arguments.Redis);
        var upstream = CannedUpstream.Create(new SyntheticRecords(seed: 1), arguments.Records, changed: false);
        await pipeline.IngestAsync(SourceNames.CoinPaprika, upstream, (arguments.Records, 0, 0), cancellationToken);
        await database.SettleAsync(cancellationToken);

        var lease = pipeline.Services.GetRequiredService<LeaseStore>();
        var token = await lease.DrawTokenAsync(cancellationToken);
        var run = await pipeline.Services.GetRequiredService<RunStore>()
            .StartAsync(Guid.CreateVersion7(), SourceNames.CoinGecko, RunTrigger.Command, "simulated", token, cancellationToken);
        var source = pipeline.Services.GetServices<ISource>().Single(source => source.Name == SourceNames.CoinGecko);
        var stream = source.GetStreams(new IngestionRequest(RunTrigger.Command, [SourceNames.CoinGecko]))
            .First(stream => stream.Kind is RecordKind.Quote);
        var loader = pipeline.Services.GetRequiredService<PageLoader>();

        var resolving = 0.0;
        using var metrics = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument is { Name: IngestionTelemetry.ResolutionTime, Meter.Name: IngestionTelemetry.Name })
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        metrics.SetMeasurementEventCallback<double>((_, seconds, _, _) => resolving += seconds);
        metrics.Start();

        var (number, began) = (0, TimeProvider.System.GetTimestamp());
        await foreach (var page in stream.ReadAsync(ResumePoint.Start, cancellationToken))
        {
            var outcome = await loader.LoadAsync(new Reading(run), stream, page, page.FetchedAt, cancellationToken);
            if (outcome.Inserted != page.Records.Count)
            {
                throw new InvalidOperationException($"Page {page.Number}: {outcome}");
            }

            if (++number % PagesARound > 0)
            {
                continue;
            }

            if (number > WarmUpRounds * PagesARound)
            {
                Resolving.Add(resolving * 1000 / PagesARound);
                Loading.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds / PagesARound);
            }

            if (Loading.Values.Count == arguments.Rounds)
            {
                return;
            }

            (resolving, began) = (0, TimeProvider.System.GetTimestamp());
        }

        throw new InvalidOperationException(
            $"{arguments.Records} records are too few for {arguments.Rounds} rounds of {PagesARound} pages.");
    }
}
