using Kasparro.Benchmarks.Ingestion;
using Kasparro.Data.Catalogue;
using Kasparro.Data.Runs;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Postgres;
using Kasparro.Ingestion.Rollups;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Kasparro.Benchmarks.Storage;

/// <summary>Generates ten-minute quotes of many assets, and writes them in the product's own way: pages of a run, then candles.</summary>
/// <param name="database">The database to write to.</param>
/// <param name="pipeline">The product's services on that database.</param>
/// <param name="assets">The number of assets.</param>
/// <param name="from">The time of the first quote.</param>
internal sealed class QuoteLoad(BenchDatabase database, BenchPipeline pipeline, int assets, DateTimeOffset from)
{
    private const int PageSize = 5_000;

    /// <summary>The time between two quotes of an asset.</summary>
    public static TimeSpan Step { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Gets the listing of an asset's quotes.</summary>
    public static Guid GetListing(int asset) => StableId.ForListing(SourceNames.CoinPaprika, $"asset-{asset}");

    /// <summary>
    /// Writes quotes as a backfill does, asset by asset and as upserts, or, if the listings are new, step by step with COPY.
    /// </summary>
    /// <param name="firstStep">The first step, in steps of ten minutes since <c>from</c>.</param>
    /// <param name="steps">The number of steps.</param>
    /// <param name="areNew">Whether the listings are new, so that their quotes are written with COPY.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The run, and the time that it took, including candles.</returns>
    public async Task<(Guid RunId, TimeSpan Took)> WriteAsync(
        int firstStep, int steps, bool areNew, CancellationToken cancellationToken)
    {
        var services = pipeline.Services;
        var token = await services.GetRequiredService<LeaseStore>().DrawTokenAsync(cancellationToken);
        var runs = services.GetRequiredService<RunStore>();
        var partitions = services.GetRequiredService<Partitions>();
        await partitions.EnsureAheadAsync(TimeProvider.System.GetUtcNow(), cancellationToken);
        var run = await runs.StartAsync(
            Guid.CreateVersion7(), SourceNames.CoinPaprika, RunTrigger.Command, "simulated", token, cancellationToken);
        var began = TimeProvider.System.GetTimestamp();
        foreach (var page in Generate(run, firstStep, steps, byAsset: !areNew).Chunk(PageSize))
        {
            await partitions.EnsureAsync(Partitions.Quotes, page.Select(quote => quote.QuotedAt), cancellationToken);
            await using var transaction = await FencedTransaction.BeginPageAsync(database.Connections, token, cancellationToken);
            await using var noting = new NpgsqlBatch(transaction.Connection)
            {
                BatchCommands =
                {
                    RunStore.Count(run, default, pages: 0, lastExternalId: null, [.. page.Select(quote => quote.QuotedAt)]),
                },
            };
            if (areNew)
            {
                await QuoteStore.InsertAsync(transaction.Connection, page, cancellationToken);
            }
            else
            {
                await QuoteStore.UpsertAsync(transaction.Connection, page, cancellationToken);
            }

            await noting.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        await runs.FinishAsync(run, RunStatus.Completed, error: null, TimeSpan.Zero, upstreamCalls: 0, cancellationToken);
        await services.GetRequiredService<CandleRollup>().ApplyAsync(token, cancellationToken);
        var took = TimeProvider.System.GetElapsedTime(began);
        var waiting = await database.ScalarAsync<long>(
            "SELECT count(*) FROM ingestion_runs WHERE quotes_from IS NOT NULL AND rolled_up_at IS NULL", cancellationToken);
        return waiting == 0 ? (run.RunId, took) : throw new InvalidOperationException("Candles could not be made; the log says why.");
    }

    private IEnumerable<Quote> Generate(ActiveRun run, int firstStep, int steps, bool byAsset)
    {
        var listings = Enumerable.Range(0, assets).Select(GetListing).ToArray();
        for (var n = 0L; n < (long)steps * assets; n++)
        {
            var (asset, step) = byAsset ? ((int)(n / steps), (int)(n % steps)) : ((int)(n % assets), (int)(n / assets));
            var time = from + ((firstStep + step) * Step);
            var price = (asset + 1) * (1 + (0.1 * Math.Sin((asset * 7) + ((firstStep + step) / 50.0))));
            yield return new()
            {
                ListingId = listings[asset],
                QuotedAt = time.AddSeconds(asset % 60),
                PriceUsd = price,
                MarketCapUsd = price * 1e6,
                Volume24hUsd = price * 4321,
                RunId = run.RunId,
            };
        }
    }
}
