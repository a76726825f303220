using Kasparro.Data;
using Kasparro.Data.Runs;
using Kasparro.Ingestion.Model;
using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Ingestion.Postgres;

/// <summary>The table <c>ingestion_runs</c>.</summary>
internal sealed class RunStore(NpgsqlDataSource dataSource, TimeProvider time)
{
    /// <summary>Opens a run, and marks the operator's request as taken if this is its first run.</summary>
    /// <exception cref="StaleFencingTokenException">Another worker has taken over.</exception>
    public async Task<ActiveRun> StartAsync(
        Guid ingestionId, string source, string trigger, string upstreams, long token, CancellationToken cancellationToken)
    {
        await using var transaction = await FencedTransaction.BeginAsync(dataSource, token, cancellationToken);
        var now = time.GetUtcNow();
        var run = new ActiveRun(Guid.CreateVersion7(now), source, token);
        await using var batch = new NpgsqlBatch(transaction.Connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand("""
                    INSERT INTO ingestion_runs (run_id, ingestion_id, source, trigger, upstreams, status, fencing_token, started_at,
                                                pages, records_read, inserted, updated, unchanged, duplicates, rejected)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, 0, 0, 0, 0)
                    """).With([run.RunId, ingestionId, source, trigger, upstreams, RunStatus.Running, token, now]),
                new("UPDATE ingestion_orders SET taken_at = $2 WHERE ingestion_id = $1 AND taken_at IS NULL")
                {
                    Parameters = { new() { Value = ingestionId }, new() { Value = now } },
                },
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return run;
    }

    /// <summary>
    /// Closes a run. The fencing token is not checked: a worker that was overtaken may still record the outcome of its own run, in place of
    /// the "interrupted" that its successor assumed.
    /// </summary>
    public async Task FinishAsync(
        ActiveRun run, string status, string? error, TimeSpan loading, int upstreamCalls, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            UPDATE ingestion_runs SET status = $2, finished_at = $3, error = $4, load_ms = $6, upstream_calls = $7
            WHERE run_id = $1 AND status = ANY($5)
            """);
        command.Parameters.AddValues(
        [
            run.RunId, status, time.GetUtcNow(), Parameters.Text(error), new[] { RunStatus.Running, RunStatus.Interrupted },
            loading.TotalMilliseconds, upstreamCalls,
        ]);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Counts the records of a page that was refused as a whole, in a transaction that moves no checkpoint.</summary>
    public static async Task CountRecordsAsync(
        NpgsqlConnection connection, ActiveRun run, SourcePage page, PageOutcome outcome, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Count(run, outcome, pages: 0, LastExternalId(page), []) } };
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Adds the results of the current transaction to a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="outcome">The outcome of the records.</param>
    /// <param name="pages">The number of the source's pages.</param>
    /// <param name="lastExternalId">The id of the last record, or null if there is none.</param>
    /// <param name="quoted">The times of the quotes that were written, from which candles are to be made.</param>
    /// <param name="prices">The page whose prices later runs are compared with, or null if there is none.</param>
    public static NpgsqlBatchCommand Count(
        ActiveRun run, PageOutcome outcome, int pages, string? lastExternalId, IReadOnlyCollection<DateTimeOffset> quoted,
        SourcePage? prices = null)
    {
        var profile = prices is null ? default : PageProfile.From(prices.Records);
        return new NpgsqlBatchCommand("""
            UPDATE ingestion_runs
            SET pages = pages + $2, records_read = records_read + $3, inserted = inserted + $4, updated = updated + $5,
                unchanged = unchanged + $6, duplicates = duplicates + $7, rejected = rejected + $8,
                last_external_id = coalesce($9, last_external_id),
                quotes_from = least(quotes_from, $10), quotes_until = greatest(quotes_until, $11),
                rolled_up_at = CASE WHEN $10 IS NULL THEN rolled_up_at END,
                quoted = quoted + $12, priced = priced + $13, with_market_cap = with_market_cap + $14, with_volume = with_volume + $15,
                positive_prices = positive_prices + $16, log_price_sum = log_price_sum + $17,
                from_page = coalesce(from_page, $18), to_page = coalesce($18 + 1, to_page)
            WHERE run_id = $1
            """).With(
        [
            run.RunId, pages, (long)outcome.Read, (long)outcome.Inserted, (long)outcome.Updated, (long)outcome.Unchanged,
            (long)outcome.Duplicates, (long)outcome.Rejected, Parameters.Text(lastExternalId),
            NullableParameters.From(quoted.Count > 0 ? quoted.Min() : null, NpgsqlDbType.TimestampTz),
            NullableParameters.From(quoted.Count > 0 ? quoted.Max() : null, NpgsqlDbType.TimestampTz), (long)(prices?.Records.Count ?? 0),
            profile.Priced, profile.WithMarketCap, profile.WithVolume, profile.PositivePrices, profile.LogPriceSum,
            NullableParameters.From(prices?.Number, NpgsqlDbType.Integer),
        ]);
    }

    /// <summary>Returns the id of a page's last valid record, or null if there is none.</summary>
    public static string? LastExternalId(SourcePage page) => page.Records.Count > 0 ? page.Records[^1].ExternalId : null;
}
