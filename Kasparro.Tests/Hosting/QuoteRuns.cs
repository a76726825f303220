using Kasparro.Data.Catalogue;
using Kasparro.Data.Runs;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Postgres;
using Kasparro.Ingestion.Rollups;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Kasparro.Tests.Hosting;

/// <summary>Runs that write quotes as pages do, followed by rollup and retention, on their own database.</summary>
internal sealed class QuoteRuns : IAsyncDisposable
{
    private readonly Partitions _partitions;
    private readonly RunStore _runs;
    private readonly LeaseStore _lease;
    private readonly ServiceProvider _metrics = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly IngestionTelemetry _telemetry;

    private QuoteRuns(NpgsqlDataSource database, DateTimeOffset now, RetentionOptions retention)
    {
        Database = database;
        Time = new(now);
        _partitions = new(database);
        _runs = new(database, Time);
        _lease = new(database, Time);
        _telemetry = new(_metrics.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>());
        Rollup = new(database, _partitions, _telemetry, Options.Create(retention), Time, Logger);
        Retention = new(database, Options.Create(retention), Time, new FakeLogger<Retention>());
    }

    public NpgsqlDataSource Database { get; }

    public FakeTimeProvider Time { get; }

    public CandleRollup Rollup { get; }

    public Retention Retention { get; }

    public FakeLogger<CandleRollup> Logger { get; } = new();

    public static async Task<QuoteRuns> CreateAsync(
        BackingServices services, DateTimeOffset now, RetentionOptions retention, CancellationToken cancellationToken)
    {
        var runs = new QuoteRuns(NpgsqlDataSource.Create(await services.CreateDatabaseAsync(cancellationToken)), now, retention);
        await runs._partitions.EnsureAheadAsync(now, cancellationToken);
        return runs;
    }

    public Task<long> DrawTokenAsync(CancellationToken cancellationToken) => _lease.DrawTokenAsync(cancellationToken);

    /// <summary>Writes quotes in one run, without rolling them up.</summary>
    public async Task<ActiveRun> WriteAsync(IReadOnlyCollection<Quote> quotes, CancellationToken cancellationToken)
    {
        var token = await DrawTokenAsync(cancellationToken);
        var run = await _runs.StartAsync(Guid.NewGuid(), SourceNames.Csv, RunTrigger.Command, "simulated", token, cancellationToken);
        _partitions.Forget();
        await _partitions.EnsureAsync(Partitions.Quotes, quotes.Select(quote => quote.QuotedAt), cancellationToken);
        await using (var page = await FencedTransaction.BeginPageAsync(Database, token, cancellationToken))
        {
            var written = await QuoteStore.UpsertAsync(
                page.Connection,
                [.. quotes.Select(quote => new Quote
                {
                    ListingId = quote.ListingId, QuotedAt = quote.QuotedAt, PriceUsd = quote.PriceUsd, MarketCapUsd = quote.MarketCapUsd,
                    Volume24hUsd = quote.Volume24hUsd, RunId = run.RunId,
                })],
                cancellationToken);
            await using var noting = new NpgsqlBatch(page.Connection)
            {
                BatchCommands =
                {
                    RunStore.Count(run, default, pages: 0, lastExternalId: null, [.. written.Select(quote => quote.QuotedAt)]),
                },
            };
            await noting.ExecuteNonQueryAsync(cancellationToken);
            await page.CommitAsync(cancellationToken);
        }

        await _runs.FinishAsync(run, RunStatus.Completed, error: null, TimeSpan.Zero, upstreamCalls: 0, cancellationToken);
        return run;
    }

    /// <summary>Writes quotes in one run and rolls them up.</summary>
    public async Task WriteAndRollUpAsync(IReadOnlyCollection<Quote> quotes, CancellationToken cancellationToken) =>
        await Rollup.ApplyAsync((await WriteAsync(quotes, cancellationToken)).FencingToken, cancellationToken);

    public async Task DropAsync(CancellationToken cancellationToken) =>
        await Retention.DropWhenDueAsync(await DrawTokenAsync(cancellationToken), cancellationToken);

    public Task ExecuteAsync(string sql, CancellationToken cancellationToken) => Database.ExecuteAsync(sql, cancellationToken);

    public Task<T> ScalarAsync<T>(string sql, CancellationToken cancellationToken) => Database.ScalarAsync<T>(sql, cancellationToken);

    /// <summary>
    /// Compares the candles with a plain aggregate over a table of quotes; returns wrong and missing ones, at most five per level, as text.
    /// </summary>
    public Task<IReadOnlyList<string>> FindDifferencesAsync(string table, CancellationToken cancellationToken) =>
        FindDifferencesAsync(Database, table, cancellationToken);

    /// <summary>Compares the candles of any database.</summary>
    public static async Task<IReadOnlyList<string>> FindDifferencesAsync(
        NpgsqlDataSource database, string table, CancellationToken cancellationToken)
    {
        var differences = new List<string>();
        foreach (var (level, candles) in new[]
        {
            ("hour", "SELECT * FROM hourly_candles_between(NULL, '-infinity', 'infinity')"),
            ("day", "SELECT * FROM daily_candles_between(NULL, '2000-01-01', '2100-01-01')"),
        })
        {
            var plain = $"""
                SELECT listing_id, date_trunc('{level}', quoted_at, 'UTC'), (array_agg(price_usd ORDER BY quoted_at))[1], max(price_usd),
                       min(price_usd), (array_agg(price_usd ORDER BY quoted_at DESC))[1],
                       (array_agg(CASE WHEN abs(market_cap_usd) < 'infinity' THEN market_cap_usd END ORDER BY quoted_at DESC))[1],
                       (array_agg(CASE WHEN abs(volume_24h_usd) < 'infinity' THEN volume_24h_usd END ORDER BY quoted_at DESC))[1],
                       count(*)::integer
                FROM {table}
                WHERE abs(price_usd) < 'infinity' AND ('{level}' = 'day' OR quoted_at >= (SELECT hours_from FROM candle_state))
                GROUP BY 1, 2
                """;
            await using var command = database.CreateCommand($"""
                SELECT '{level}', CASE side WHEN 1 THEN 'missing' ELSE 'wrong' END, d::text FROM (
                    (SELECT 1 AS side, m.* FROM ({plain} EXCEPT ALL {candles}) AS m)
                    UNION ALL (SELECT 2, w.* FROM ({candles} EXCEPT ALL {plain}) AS w)) AS d LIMIT 5
                """);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                differences.Add($"{reader.GetString(0)} {reader.GetString(1)}: {reader.GetString(2)}");
            }
        }

        return differences;
    }

    public async ValueTask DisposeAsync()
    {
        _telemetry.Dispose();
        await _metrics.DisposeAsync();
        await Database.DisposeAsync();
    }
}
