using System.Net;
using Kasparro.Data.Runs;
using Kasparro.Ingestion.Postgres;
using Kasparro.Ingestion.Runs;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Kasparro.Tests.Integration.Ingestion;

/// <summary>A PostgreSQL that refuses statements: with any SQLSTATE, at any moment, or because of a lock.</summary>
public sealed class UnhappyDatabaseTests(BackingServices services)
{
    [Fact]
    public async Task A_worker_survives_every_sqlstate_says_which_it_was_and_goes_on_when_it_is_over()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        await using var ingestion = await IngestionHarness.CreateAsync(
            services, upstream.Url, Cancellation, ("Ingestion:RetryInterval", "00:00:01"), ("Ingestion:Interval", "01:00:00"));
        string[] states = ["40001", "55P03", "26000", "42501", "25006", "40P01", "53200", "54000", "XX000", "22003", "0A000", "P0001"];
        await RaiseAsync(ingestion, "ingestion_lease", "true", states);

        await using var worker = ServiceProcess.StartWorker(ingestion.Settings);
        await worker.WritesAsync("The ingestion could not start: 40001", Cancellation);
        await worker.AnswersAsync("/health", HttpStatusCode.ServiceUnavailable, Cancellation);
        foreach (var state in states.Where(state => state != "55P03")) // The lease is requested again at once.
        {
            await worker.WritesAsync(state, Cancellation);
        }

        await worker.WritesAsync("csv_source: completed", Cancellation);
        await worker.AnswersAsync("/health", HttpStatusCode.OK, Cancellation);
        Assert.DoesNotContain("Unhandled exception", worker.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_whose_end_could_not_be_written_fails_no_other_source_and_gets_its_end_later()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.Markets(pages: 1, size: 3);
        await using var ingestion = await IngestionHarness.CreateAsync(services, upstream.Url, Cancellation);
        await RaiseAsync(ingestion, "ingestion_runs", "new.source = 'coinpaprika' AND new.finished_at IS NOT NULL", ["40001"]);

        var outcome = await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika, SourceNames.CoinGecko);

        Assert.Equal([RunStatus.Completed, RunStatus.Completed], outcome.Sources.Select(source => source.Status));
        Assert.Equal([false, true], outcome.Sources.Select(source => source.IsRecorded));
        Assert.Equal(
            ["coingecko | completed", "coinpaprika | completed"],
            await ingestion.RowsAsync("SELECT source, status FROM ingestion_runs ORDER BY source", Cancellation));
    }

    [Fact]
    public async Task A_run_that_cannot_be_opened_fails_its_source_with_the_reason_and_no_exception_ends_the_ingestion()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        await using var ingestion = await IngestionHarness.CreateAsync(services, upstream.Url, Cancellation);
        await RaiseAsync(ingestion, "ingestion_runs", "new.source = 'coinpaprika' AND new.finished_at IS NULL", ["53100"]);

        var outcome = await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika, SourceNames.CoinGecko);

        Assert.Equal([RunStatus.Failed, RunStatus.Completed], outcome.Sources.Select(source => source.Status));
        Assert.Contains("53100", outcome.Sources[0].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_order_that_cannot_be_noted_as_taken_leaves_no_run_that_keeps_the_next_source_out()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        await using var ingestion = await IngestionHarness.CreateAsync(services, upstream.Url, Cancellation);
        var host = ingestion.Host.Services;
        await host.GetRequiredService<IngestionOrderStore>().TryAddAsync(source: null, Cancellation);
        var order = await host.GetRequiredService<IngestionOrderStore>().FindWaitingAsync(Cancellation);
        await RaiseAsync(ingestion, "ingestion_orders", "new.taken_at IS NOT NULL", ["40001"]);

        var outcome = await host.GetRequiredService<IngestionPipeline>().RunAsync(order!, progress: null, Cancellation);

        Assert.Equal(
            [RunStatus.Failed, RunStatus.Completed, RunStatus.Completed], outcome.Sources.Select(source => source.Status));
        Assert.Equal(0, await ingestion.ScalarAsync<long>("SELECT count(*) FROM ingestion_runs WHERE status = 'running'", Cancellation));
        Assert.Null(await host.GetRequiredService<IngestionOrderStore>().FindWaitingAsync(Cancellation));
    }

    [Fact]
    public async Task The_lease_is_taken_from_no_session_that_is_not_ingestions()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        await using var ingestion = await IngestionHarness.CreateAsync(services, upstream.Url, Cancellation);
        await using var operators = NpgsqlDataSource.Create(ingestion.Settings["ConnectionStrings:kasparro"] + ";Application Name=psql");
        await using var connection = await operators.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await connection.ExecuteAsync("SELECT * FROM ingestion_lease FOR UPDATE", Cancellation);

        var refused = await Assert.ThrowsAsync<NpgsqlException>(
            () => ingestion.Host.Services.GetRequiredService<LeaseStore>().DrawTokenAsync(Cancellation));

        Assert.Contains("psql", refused.Message, StringComparison.Ordinal);
        await transaction.CommitAsync(Cancellation); // The session still exists.
        Assert.True((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Succeeded);
    }

    [Fact]
    public async Task Partitions_are_made_while_a_backup_reads_and_no_reader_waits_for_them()
    {
        await using var database = NpgsqlDataSource.Create(await services.CreateDatabaseAsync(Cancellation));
        await using var backup = await database.OpenConnectionAsync(Cancellation);
        await using var reading = await backup.BeginTransactionAsync(Cancellation);
        await backup.ExecuteAsync("LOCK TABLE quotes, hourly_candles, raw_pages IN ACCESS SHARE MODE", Cancellation);

        // And while a page of another worker has written quotes but not yet committed.
        await using var writer = await database.OpenConnectionAsync(Cancellation);
        await using var writing = await writer.BeginTransactionAsync(Cancellation);
        var partitions = new Partitions(database);
        await partitions.EnsureAsync(Partitions.Quotes, [new(2026, 10, 5, 0, 0, 0, TimeSpan.Zero)], Cancellation);
        await writer.ExecuteAsync("INSERT INTO quotes VALUES (gen_random_uuid(), '2026-10-05Z', 1, 1, 1, gen_random_uuid())", Cancellation);

        await partitions.EnsureAheadAsync(new(2026, 11, 30, 23, 0, 0, TimeSpan.Zero), Cancellation);
        partitions.Forget();
        await partitions.EnsureAheadAsync(new(2026, 11, 30, 23, 0, 0, TimeSpan.Zero), Cancellation); // A second time.

        Assert.Equal(
            "hourly_candles_2026_11_30 hourly_candles_2026_12_07 quotes_2026_10_05 quotes_2026_11_30 quotes_2026_12_07 "
                + "raw_pages_2026_11_30 raw_pages_2026_12_01",
            await database.ScalarAsync<string>(
                """
                SELECT string_agg(inhrelid::regclass::text, ' ' ORDER BY inhrelid::regclass::text COLLATE "C") FROM pg_inherits
                WHERE inhparent IN ('quotes'::regclass, 'hourly_candles'::regclass, 'raw_pages'::regclass)
                """, Cancellation));
        await writing.CommitAsync(Cancellation);
        Assert.Equal(await CountIndexesAsync("quotes"), await CountIndexesAsync("quotes_2026_12_07"));

        Task<long> CountIndexesAsync(string table) =>
            database.ScalarAsync<long>($"SELECT count(*) FROM pg_indexes WHERE tablename = '{table}'", Cancellation);
    }

    [Fact]
    public async Task A_partition_that_cannot_be_made_in_time_is_no_wait_without_an_end()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.Markets(pages: 1, size: 3);
        await using var ingestion = await IngestionHarness.CreateAsync(services, upstream.Url, Cancellation);
        await using var connection = await ingestion.Database.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await connection.ExecuteAsync("LOCK TABLE quotes IN SHARE MODE", Cancellation); // As CREATE INDEX does.

        var outcome = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Sources);

        Assert.Equal(RunStatus.Failed, outcome.Status);
        Assert.Contains("55P03", outcome.Error, StringComparison.Ordinal);
        await transaction.RollbackAsync(Cancellation);
        Assert.True((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Succeeded);
    }

    /// <summary>Makes PostgreSQL refuse the next writes to a table that meet a condition, once with each SQLSTATE.</summary>
    private static async Task RaiseAsync(IngestionHarness ingestion, string table, string condition, string[] states)
    {
        await ingestion.ExecuteAsync($"""
            CREATE SEQUENCE refusals;
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $refuse$
            DECLARE
                states text[] := ARRAY['{string.Join("','", states)}'];
                turn bigint;
            BEGIN
                IF {condition} THEN
                    turn := nextval('refusals');
                    IF turn <= array_length(states, 1) THEN
                        RAISE EXCEPTION 'refused by a test' USING ERRCODE = states[turn];
                    END IF;
                END IF;
                RETURN new;
            END $refuse$;
            CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse();
            """, Cancellation);
    }
}
