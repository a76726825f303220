using Kasparro.Ingestion.Postgres;
using Kasparro.Ingestion.Runs;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Kasparro.Tests.Integration.Ingestion;

public sealed class RetentionTests(BackingServices services)
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 6, 15, 12, 0, 0, TimeSpan.Zero));
    private readonly FakeLogger<Retention> _logger = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_partitions_that_are_wholly_older_are_dropped()
    {
        await using var database = await CreateAsync();
        var retention = Retention(database, new RetentionOptions { RawRecords = TimeSpan.FromDays(90), Quotes = TimeSpan.FromDays(365) });

        await retention.DropWhenDueAsync(await TokenAsync(database), Cancellation);

        // 90 days before 15 June is 17 March: all of February is older, March only in part. A year before is 15 June 2025.
        Assert.Equal(
            ["quotes_2025_06", "quotes_2025_07", "quotes_other", "raw_records_2026_03", "raw_records_2026_04", "raw_records_2026_06"],
            await PartitionsAsync(database));
    }

    [Fact]
    public async Task A_partition_goes_at_the_moment_its_last_row_is_too_old_and_not_before()
    {
        await using var database = await CreateAsync();
        var token = await TokenAsync(database);
        var options = new RetentionOptions { RawRecords = TimeSpan.FromDays(90), Quotes = null, Interval = TimeSpan.FromSeconds(1) };
        var retention = Retention(database, options);
        _time.AdjustTime(new DateTimeOffset(2026, 4, 1, 0, 0, 0, TimeSpan.Zero).AddDays(90).AddSeconds(-2));
        await retention.DropWhenDueAsync(token, Cancellation);
        Assert.Contains("raw_records_2026_03", await PartitionsAsync(database));

        _time.Advance(TimeSpan.FromSeconds(2));
        await retention.DropWhenDueAsync(token, Cancellation);

        Assert.DoesNotContain("raw_records_2026_03", await PartitionsAsync(database));
        Assert.Contains("quotes_2025_05", await PartitionsAsync(database)); // Kept without a limit.
    }

    [Fact]
    public async Task Partitions_are_looked_for_once_an_interval()
    {
        await using var database = await CreateAsync();
        var token = await TokenAsync(database);
        var retention = Retention(database, new RetentionOptions { Interval = TimeSpan.FromDays(1) });
        await retention.DropWhenDueAsync(token, Cancellation);
        var partitions = new Partitions(database);
        await partitions.EnsureAsync("raw_records", [new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero)], Cancellation);

        _time.Advance(TimeSpan.FromHours(23));
        await retention.DropWhenDueAsync(token, Cancellation);
        Assert.Contains("raw_records_2025_01", await PartitionsAsync(database));

        _time.Advance(TimeSpan.FromHours(1));
        await retention.DropWhenDueAsync(token, Cancellation);
        Assert.DoesNotContain("raw_records_2025_01", await PartitionsAsync(database));
    }

    [Fact]
    public async Task A_worker_that_was_overtaken_drops_nothing()
    {
        await using var database = await CreateAsync();
        var before = await PartitionsAsync(database);
        var stale = await TokenAsync(database);
        await TokenAsync(database);

        await Retention(database, new RetentionOptions()).DropWhenDueAsync(stale, Cancellation);

        Assert.Equal(before, await PartitionsAsync(database));
        Assert.Contains("stale", Assert.Single(_logger.Collector.GetSnapshot()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_month_that_was_dropped_can_come_again()
    {
        await using var database = await CreateAsync();
        var partitions = new Partitions(database);
        DateTimeOffset[] february = [new(2026, 2, 1, 0, 0, 0, TimeSpan.Zero)];
        await partitions.EnsureAsync("raw_records", february, Cancellation);
        await Retention(database, new RetentionOptions()).DropWhenDueAsync(await TokenAsync(database), Cancellation);

        partitions.Forget();
        await partitions.EnsureAsync("raw_records", february, Cancellation);

        Assert.Contains("raw_records_2026_02", await PartitionsAsync(database));
    }

    [Fact]
    public async Task Checkpoints_go_when_no_run_has_found_their_file_for_long_and_those_of_upstreams_stay()
    {
        await using var database = await CreateAsync();
        await using (var command = database.CreateCommand(
            """
            INSERT INTO checkpoints (source, stream, run_id, page, records, is_complete, started_at, updated_at)
            SELECT source, stream, gen_random_uuid(), 1, 1, true, '2025-01-01', updated_at
            FROM (VALUES ('csv_source', 'gone', '2026-03-17 11:59:59Z'::timestamptz), ('csv_source', 'there', '2026-03-17 12:00:00Z'),
                         ('coingecko', 'list', '2025-01-01')) AS c (source, stream, updated_at)
            """))
        {
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        await Retention(database, new RetentionOptions { CsvCheckpoints = TimeSpan.FromDays(90) })
            .DropWhenDueAsync(await TokenAsync(database), Cancellation);

        await using var left = database.CreateCommand("SELECT string_agg(stream, ' ' ORDER BY stream) FROM checkpoints");
        Assert.Equal("list there", await left.ExecuteScalarAsync(Cancellation));
    }

    [Fact]
    public async Task Old_runs_orders_drifts_and_rejected_records_go_and_each_sources_last_runs_stay()
    {
        await using var database = await CreateAsync();
        await using (var command = database.CreateCommand(
            """
            INSERT INTO ingestion_runs (run_id, ingestion_id, source, trigger, upstreams, status, fencing_token, started_at, finished_at,
                                        pages, records_read, inserted, updated, unchanged, duplicates, rejected, error)
            SELECT gen_random_uuid(), gen_random_uuid(), source, trigger, 'live', status, token, started_at, started_at,
                   0, 0, 0, 0, 0, 0, 0, name
            FROM (VALUES ('old', 'coingecko', 'schedule', 'completed', 1, '2026-03-01Z'::timestamptz),
                         ('last completed', 'coingecko', 'schedule', 'completed', 2, '2026-03-02Z'),
                         ('old failed', 'coingecko', 'schedule', 'failed', 3, '2026-03-03Z'),
                         ('old replay', 'coingecko', 'replay', 'completed', 4, '2026-03-03Z'),
                         ('last', 'coingecko', 'schedule', 'failed', 5, '2026-03-04Z'),
                         ('young', 'csv_source', 'command', 'completed', 6, '2026-06-01Z'))
                AS r (name, source, trigger, status, token, started_at);
            INSERT INTO ingestion_orders (ingestion_id, ordered_at, taken_at)
            VALUES (gen_random_uuid(), '2026-03-01Z', '2026-03-01Z'), (gen_random_uuid(), '2026-03-02Z', NULL),
                   (gen_random_uuid(), '2026-06-01Z', '2026-06-01Z');
            INSERT INTO rejected_records (source, stream, fingerprint, run_id, position, reason, detail, payload, rejected_at)
            SELECT 'coingecko', 'markets', gen_random_uuid(), gen_random_uuid(), 1, 'bad_number', '', '{}', t
            FROM (VALUES ('2026-03-01Z'::timestamptz), ('2026-06-01Z')) AS r (t);
            INSERT INTO schema_drifts (run_id, source, stream, path, kind, policy, occurrences, detected_at)
            SELECT gen_random_uuid(), 'coingecko', 'markets', 'x', 'added', 'warn', 1, t
            FROM (VALUES ('2026-03-01Z'::timestamptz), ('2026-06-01Z')) AS d (t);
            """))
        {
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        await Retention(database, new RetentionOptions()).DropWhenDueAsync(await TokenAsync(database), Cancellation);

        await using var left = database.CreateCommand(
            """
            SELECT (SELECT string_agg(error, ', ' ORDER BY fencing_token) FROM ingestion_runs), (SELECT count(*) FROM ingestion_orders),
                   (SELECT count(*) FROM rejected_records), (SELECT count(*) FROM schema_drifts)
            """);
        await using var reader = await left.ExecuteReaderAsync(Cancellation);
        await reader.ReadAsync(Cancellation);
        Assert.Equal(
            ("last completed, last, young", 2L, 1L, 1L), (reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3)));
    }

    [Fact]
    public async Task Nothing_is_deleted_where_it_is_to_be_kept()
    {
        await using var database = await CreateAsync();
        await using (var command = database.CreateCommand(
            "INSERT INTO ingestion_orders (ingestion_id, ordered_at, taken_at) VALUES (gen_random_uuid(), '2020-01-01Z', '2020-01-01Z')"))
        {
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        await Retention(database, new RetentionOptions { Runs = null, RejectedRecords = null, SchemaDrifts = null })
            .DropWhenDueAsync(await TokenAsync(database), Cancellation);

        await using var left = database.CreateCommand("SELECT count(*) FROM ingestion_orders");
        Assert.Equal(1L, await left.ExecuteScalarAsync(Cancellation));
    }

    private static async Task<IReadOnlyList<string>> PartitionsAsync(NpgsqlDataSource database)
    {
        var names = new List<string>();
        await using var command = database.CreateCommand(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent IN ('quotes'::regclass, 'raw_records'::regclass) "
                + "ORDER BY 1");
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        while (await reader.ReadAsync(Cancellation))
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    private async Task<NpgsqlDataSource> CreateAsync()
    {
        var database = NpgsqlDataSource.Create(
            await services.CreateDatabaseAsync(Cancellation) + ";Options=-c timezone=Asia/Kolkata"); // Bounds are shown in local time.
        var partitions = new Partitions(database);
        await partitions.EnsureAsync("raw_records", Months((2026, 1), (2026, 2), (2026, 3), (2026, 4), (2026, 6)), Cancellation);
        await partitions.EnsureAsync("quotes", Months((2025, 5), (2025, 6), (2025, 7)), Cancellation);
        await using var command = database.CreateCommand("CREATE TABLE quotes_other PARTITION OF quotes DEFAULT");
        await command.ExecuteNonQueryAsync(Cancellation);
        return database;
    }

    private static IEnumerable<DateTimeOffset> Months(params (int Year, int Month)[] months) =>
        months.Select(month => new DateTimeOffset(month.Year, month.Month, 10, 0, 0, 0, TimeSpan.Zero));

    private Task<long> TokenAsync(NpgsqlDataSource database) => new LeaseStore(database, _time).DrawTokenAsync(Cancellation);

    private Retention Retention(
        NpgsqlDataSource database, RetentionOptions options) => new(database, Options.Create(options), _time, _logger);
}
