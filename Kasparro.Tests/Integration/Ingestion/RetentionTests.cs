using Kasparro.Data;
using Kasparro.Ingestion.Postgres;
using Kasparro.Ingestion.Rollups;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Kasparro.Tests.Integration.Ingestion;

public sealed class RetentionTests(BackingServices services)
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 6, 15, 12, 0, 0, TimeSpan.Zero));
    private readonly FakeLogger<Retention> _logger = new();

    [Fact]
    public async Task Only_partitions_that_are_wholly_older_are_dropped()
    {
        await using var database = await CreateAsync();
        var retention = Retention(database, new RetentionOptions());

        await retention.DropWhenDueAsync(await TokenAsync(database), Cancellation);

        // 7 days before 15 June, noon, is the 8th: the 7th is completely older, the 8th only in part. 14 days before is Monday, 1 June. 45
        // days before is Friday, 1 May, so the week of Monday, 27 April, is older only in part.
        Assert.Equal(
            [
                "hourly_candles_2026_04_27", "hourly_candles_2026_06_15", "quotes_2026_06_01", "quotes_2026_06_15", "quotes_before",
                "quotes_other", "raw_pages_2026_06_08", "raw_pages_2026_06_15",
            ],
            await PartitionsAsync(database));
        Assert.Equal("2026-06-01 | 2026-04-27", await StateAsync(database));
    }

    [Fact]
    public async Task A_partition_goes_at_the_moment_its_last_row_is_too_old_and_not_before()
    {
        await using var database = await CreateAsync();
        var token = await TokenAsync(database);
        var options = new RetentionOptions { RawPages = TimeSpan.FromDays(90), Quotes = null, Interval = TimeSpan.FromSeconds(1) };
        var retention = Retention(database, options);
        _time.AdjustTime(new DateTimeOffset(2026, 6, 8, 0, 0, 0, TimeSpan.Zero).AddDays(90).AddSeconds(-2));
        await retention.DropWhenDueAsync(token, Cancellation);
        Assert.Contains("raw_pages_2026_06_07", await PartitionsAsync(database));

        _time.Advance(TimeSpan.FromSeconds(2));
        await retention.DropWhenDueAsync(token, Cancellation);

        Assert.DoesNotContain("raw_pages_2026_06_07", await PartitionsAsync(database));
        Assert.Contains("quotes_2026_05_18", await PartitionsAsync(database)); // Kept indefinitely.
        Assert.StartsWith("-infinity", await StateAsync(database), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Partitions_are_looked_for_once_an_interval()
    {
        await using var database = await CreateAsync();
        var token = await TokenAsync(database);
        var retention = Retention(database, new RetentionOptions { Interval = TimeSpan.FromDays(1) });
        await retention.DropWhenDueAsync(token, Cancellation);
        var partitions = new Partitions(database);
        await partitions.EnsureAsync(Partitions.RawPages, [new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero)], Cancellation);

        _time.Advance(TimeSpan.FromHours(23));
        await retention.DropWhenDueAsync(token, Cancellation);
        Assert.Contains("raw_pages_2025_01_01", await PartitionsAsync(database));

        _time.Advance(TimeSpan.FromHours(1));
        await retention.DropWhenDueAsync(token, Cancellation);
        Assert.DoesNotContain("raw_pages_2025_01_01", await PartitionsAsync(database));
    }

    [Theory]
    [InlineData("UPDATE candle_state SET days_until = '2026-05-26Z'", "quotes_2026_05_25")] // One day of the week is not closed.
    [InlineData(
        """
        INSERT INTO ingestion_runs (run_id, ingestion_id, source, trigger, upstreams, status, fencing_token, started_at, finished_at,
                                    pages, records_read, inserted, updated, unchanged, duplicates, rejected, quotes_from, quotes_until)
        VALUES (gen_random_uuid(), gen_random_uuid(), 'csv_source', 'command', 'live', 'interrupted', 1, '2026-02-01Z', '2026-02-01Z',
                0, 0, 0, 0, 0, 0, 0, '2026-05-25Z', '2026-05-31Z')
        """, "quotes_2026_05_25")] // A run wrote quotes that are in no candle.
    [InlineData("UPDATE candle_state SET days_until = '2026-04-24Z'", "hourly_candles_2026_04_20")]
    public async Task What_is_in_no_candle_yet_is_not_dropped_however_old(string sql, string kept)
    {
        await using var database = await CreateAsync();
        await database.ExecuteAsync(sql, Cancellation);

        await Retention(database, new RetentionOptions()).DropWhenDueAsync(await TokenAsync(database), Cancellation);

        Assert.Contains(kept, await PartitionsAsync(database));
        Assert.Equal(
            sql.Contains("INSERT", StringComparison.Ordinal) ? 1 : 0,
            await database.ScalarAsync<long>("SELECT count(*) FROM ingestion_runs WHERE rolled_up_at IS NULL", Cancellation));
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
    public async Task A_day_that_was_dropped_can_come_again()
    {
        await using var database = await CreateAsync();
        var partitions = new Partitions(database);
        DateTimeOffset[] february = [new(2026, 2, 1, 0, 0, 0, TimeSpan.Zero)];
        await partitions.EnsureAsync(Partitions.RawPages, february, Cancellation);
        await Retention(database, new RetentionOptions()).DropWhenDueAsync(await TokenAsync(database), Cancellation);

        partitions.Forget();
        await partitions.EnsureAsync(Partitions.RawPages, february, Cancellation);

        Assert.Contains("raw_pages_2026_02_01", await PartitionsAsync(database));
    }

    [Fact]
    public async Task Quotes_of_a_week_that_was_dropped_have_a_place_until_they_are_in_candles()
    {
        await using var database = await CreateAsync();
        await Retention(database, new RetentionOptions()).DropWhenDueAsync(await TokenAsync(database), Cancellation);

        var partitions = new Partitions(database);
        await partitions.EnsureAsync(Partitions.Quotes, Days((2016, 2, 29), (2026, 5, 27), (2026, 6, 3)), Cancellation);
        await database.ExecuteAsync(
            """
            INSERT INTO quotes SELECT gen_random_uuid(), t, 1, 1, 1, gen_random_uuid()
            FROM unnest(ARRAY['2016-02-29Z', '2026-05-27Z', '2026-06-03Z']::timestamptz[]) AS t
            """, Cancellation);

        Assert.Equal(
            "quotes_before quotes_before quotes_2026_06_01",
            await database.ScalarAsync<string>(
                "SELECT string_agg(tableoid::regclass::text, ' ' ORDER BY quoted_at) FROM quotes", Cancellation));
    }

    [Fact]
    public async Task Checkpoints_go_when_no_run_has_found_their_file_for_long_and_those_of_upstreams_stay()
    {
        await using var database = await CreateAsync();
        await database.ExecuteAsync(
            """
            INSERT INTO checkpoints (source, stream, run_id, page, records, is_complete, started_at, updated_at)
            SELECT source, stream, gen_random_uuid(), 1, 1, true, '2025-01-01', updated_at
            FROM (VALUES ('csv_source', 'gone', '2026-03-17 11:59:59Z'::timestamptz), ('csv_source', 'there', '2026-03-17 12:00:00Z'),
                         ('coingecko', 'list', '2025-01-01')) AS c (source, stream, updated_at)
            """, Cancellation);

        await Retention(database, new RetentionOptions { CsvCheckpoints = TimeSpan.FromDays(90) })
            .DropWhenDueAsync(await TokenAsync(database), Cancellation);

        Assert.Equal(
            "list there",
            await database.ScalarAsync<string>("SELECT string_agg(stream, ' ' ORDER BY stream) FROM checkpoints", Cancellation));
    }

    [Fact]
    public async Task Old_runs_orders_drifts_and_rejected_records_go_and_each_sources_last_runs_stay()
    {
        await using var database = await CreateAsync();
        await database.ExecuteAsync(
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
            """, Cancellation);

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
        await database.ExecuteAsync(
            "INSERT INTO ingestion_orders (ingestion_id, ordered_at, taken_at) VALUES (gen_random_uuid(), '2020-01-01Z', '2020-01-01Z')",
            Cancellation);

        await Retention(database, new RetentionOptions { Runs = null, RejectedRecords = null, SchemaDrifts = null })
            .DropWhenDueAsync(await TokenAsync(database), Cancellation);

        Assert.Equal(1, await database.ScalarAsync<long>("SELECT count(*) FROM ingestion_orders", Cancellation));
    }

    private static async Task<IReadOnlyList<string>> PartitionsAsync(NpgsqlDataSource database)
    {
        return await database.QueryAsync(
            """
            SELECT inhrelid::regclass::text FROM pg_inherits
            WHERE inhparent IN ('quotes'::regclass, 'hourly_candles'::regclass, 'raw_pages'::regclass)
            ORDER BY inhrelid::regclass::text COLLATE "C"
            """, [], row => row.GetString(0), Cancellation);
    }

    private static Task<string> StateAsync(NpgsqlDataSource database) => database.ScalarAsync<string>(
        "SELECT concat_ws(' | ', (quotes_from AT TIME ZONE 'UTC')::date, (hours_from AT TIME ZONE 'UTC')::date) FROM candle_state",
        Cancellation);

    /// <summary>Creates a catalogue whose days are closed up to today.</summary>
    private async Task<NpgsqlDataSource> CreateAsync()
    {
        var database = NpgsqlDataSource.Create(
            await services.CreateDatabaseAsync(Cancellation) + ";Options=-c timezone=Asia/Kolkata"); // Bounds are displayed in local time.
        var partitions = new Partitions(database);
        await partitions.EnsureAsync(Partitions.RawPages, Days((2026, 6, 1), (2026, 6, 7), (2026, 6, 8), (2026, 6, 15)), Cancellation);
        await partitions.EnsureAsync(Partitions.Quotes, Days((2026, 5, 20), (2026, 5, 27), (2026, 6, 3), (2026, 6, 15)), Cancellation);
        await partitions.EnsureAsync(Partitions.HourlyCandles, Days((2026, 4, 21), (2026, 4, 28), (2026, 6, 15)), Cancellation);
        await database.ExecuteAsync(
            "CREATE TABLE quotes_other PARTITION OF quotes DEFAULT; UPDATE candle_state SET days_until = '2026-06-15Z'", Cancellation);
        return database;
    }

    private static IEnumerable<DateTimeOffset> Days(params (int Year, int Month, int Day)[] days) =>
        days.Select(day => new DateTimeOffset(day.Year, day.Month, day.Day, 0, 0, 0, TimeSpan.Zero));

    private Task<long> TokenAsync(NpgsqlDataSource database) => new LeaseStore(database, _time).DrawTokenAsync(Cancellation);

    private Retention Retention(
        NpgsqlDataSource database, RetentionOptions options) => new(database, Options.Create(options), _time, _logger);
}
