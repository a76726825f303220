using Kasparro.Data.Runs;
using Kasparro.Ingestion.Model;
using Npgsql;

namespace Kasparro.Ingestion.Postgres;

/// <summary>The table <c>ingestion_runs</c>.</summary>
internal sealed class RunStore(NpgsqlDataSource dataSource, TimeProvider time)
{
    /// <summary>Opens a run. The order whose first run it is waits no longer.</summary>
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
                new("""
                    INSERT INTO ingestion_runs (run_id, ingestion_id, source, trigger, upstreams, status, fencing_token, started_at,
                                                pages, records_read, inserted, updated, unchanged, duplicates, rejected)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, 0, 0, 0, 0)
                    """)
                {
                    Parameters =
                    {
                        new() { Value = run.RunId },
                        new() { Value = ingestionId },
                        new() { Value = source },
                        new() { Value = trigger },
                        new() { Value = upstreams },
                        new() { Value = RunStatus.Running },
                        new() { Value = token },
                        new() { Value = now },
                    },
                },
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
    /// Closes a run. No token is asked for: a worker that was overtaken may still say so of its own run, in place of the "interrupted" that
    /// its successor assumed.
    /// </summary>
    public async Task FinishAsync(
        ActiveRun run, string status, string? error, TimeSpan loading, int upstreamCalls, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            UPDATE ingestion_runs SET status = $2, finished_at = $3, error = $4, load_ms = $6, upstream_calls = $7
            WHERE run_id = $1 AND status = ANY($5)
            """);
        command.Parameters.Add(new() { Value = run.RunId });
        command.Parameters.Add(new() { Value = status });
        command.Parameters.Add(new() { Value = time.GetUtcNow() });
        command.Parameters.Add(Parameters.Text(error));
        command.Parameters.Add(new() { Value = new[] { RunStatus.Running, RunStatus.Interrupted } });
        command.Parameters.Add(new() { Value = loading.TotalMilliseconds });
        command.Parameters.Add(new() { Value = upstreamCalls });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Counts records in their own transaction, where no stream has moved: pages that were refused whole.</summary>
    public static async Task CountRecordsAsync(
        NpgsqlConnection connection, ActiveRun run, SourcePage page, PageOutcome outcome, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Count(run, page, outcome, pages: 0) } };
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Adds a page's counts to its run's.</summary>
    public static NpgsqlBatchCommand Count(ActiveRun run, SourcePage page, PageOutcome outcome, int pages) =>
        new("""
            UPDATE ingestion_runs
            SET pages = pages + $9, records_read = records_read + $2, inserted = inserted + $3, updated = updated + $4,
                unchanged = unchanged + $5, duplicates = duplicates + $6, rejected = rejected + $7,
                last_external_id = coalesce($8, last_external_id)
            WHERE run_id = $1
            """)
        {
            Parameters =
            {
                new() { Value = run.RunId },
                new() { Value = (long)outcome.Read },
                new() { Value = (long)outcome.Inserted },
                new() { Value = (long)outcome.Updated },
                new() { Value = (long)outcome.Unchanged },
                new() { Value = (long)outcome.Duplicates },
                new() { Value = (long)outcome.Rejected },
                Parameters.Text(LastExternalId(page)),
                new() { Value = pages },
            },
        };

    /// <summary>
    /// Notes with a run between which times it wrote quotes, where it wrote any: candles are to be made of them. Part of a batch in the
    /// transaction that wrote them.
    /// </summary>
    public static void NoteQuotes(NpgsqlBatch batch, ActiveRun run, IReadOnlyCollection<DateTimeOffset> times)
    {
        if (times.Count > 0)
        {
            batch.BatchCommands.Add(new(
                """
                UPDATE ingestion_runs
                SET quotes_from = least(quotes_from, $2), quotes_until = greatest(quotes_until, $3), rolled_up_at = NULL
                WHERE run_id = $1
                """)
            {
                Parameters = { new() { Value = run.RunId }, new() { Value = times.Min() }, new() { Value = times.Max() } },
            });
        }
    }

    /// <summary>Adds what a page of quotes says as a whole, which later runs are compared with.</summary>
    public static NpgsqlBatchCommand Describe(ActiveRun run, SourcePage page)
    {
        var profile = PageProfile.From(page.Records);
        return new("""
            UPDATE ingestion_runs
            SET quoted = quoted + $2, priced = priced + $3, with_market_cap = with_market_cap + $4, with_volume = with_volume + $5,
                positive_prices = positive_prices + $6,
                log_price_sum = log_price_sum + $7, from_page = coalesce(from_page, $8), to_page = $8 + 1
            WHERE run_id = $1
            """)
        {
            Parameters =
            {
                new() { Value = run.RunId },
                new() { Value = (long)page.Records.Count },
                new() { Value = profile.Priced },
                new() { Value = profile.WithMarketCap },
                new() { Value = profile.WithVolume },
                new() { Value = profile.PositivePrices },
                new() { Value = profile.LogPriceSum },
                new() { Value = page.Number },
            },
        };
    }

    /// <summary>The id of a page's last valid record; null where it has none.</summary>
    public static string? LastExternalId(SourcePage page) => page.Records.Count > 0 ? page.Records[^1].ExternalId : null;
}
