using Kasparro.Data.Runs;
using Kasparro.Ingestion.Postgres;
using Kasparro.Ingestion.Runs;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using StackExchange.Redis;

namespace Kasparro.Tests.Integration.Ingestion;

/// <summary>One run at a time: the lock in Redis and the fencing token in PostgreSQL.</summary>
public sealed class RunLockTests(BackingServices services)
{
    [Fact]
    public async Task A_page_cannot_commit_when_a_newer_token_was_drawn()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.Markets(pages: 3, size: 5);
        await using var ingestion = await CreateAsync(upstream);
        upstream.On(StubUpstream.Market(2), async context =>
        {
            // What a second worker does after Redis has forgotten this worker's lock.
            await ingestion.Host.Services.GetRequiredService<LeaseStore>().DrawTokenAsync(context.RequestAborted);
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(StubUpstream.MarketPage(2, 5), context.RequestAborted);
        });

        var outcome = await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);

        Assert.Equal(RunStatus.LostLock, Assert.Single(outcome.Sources).Status);
        Assert.InRange(await ingestion.ScalarAsync<long>("SELECT count(*) FROM listings", Cancellation), 0, 5);
        Assert.Equal(
            ["lost_lock"], await ingestion.RowsAsync("SELECT status FROM ingestion_runs", Cancellation));
    }

    [Fact]
    public async Task A_run_that_loses_its_lock_ends_without_waiting_for_its_upstream()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.Markets(pages: 3, size: 5);
        var reached = new TaskCompletionSource();
        upstream.On(StubUpstream.Market(2), async context =>
        {
            reached.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        await using var ingestion = await CreateAsync(upstream, ("Ingestion:LockExpiry", "00:00:01"));
        await using var redis = await ConnectionMultiplexer.ConnectAsync(ingestion.Settings["ConnectionStrings:cache"]!);

        var running = ingestion.IngestAsync(Cancellation);
        await reached.Task.WaitAsync(Cancellation);
        await redis.GetDatabase().KeyDeleteAsync(CacheKeys.IngestionLock);
        var outcome = await running;

        // The next source was not read either.
        Assert.Equal((SourceNames.CoinGecko, RunStatus.LostLock), (outcome.Sources[^1].Source, outcome.Sources[^1].Status));
        Assert.Equal(
            ["lost_lock | The run lock was lost."],
            await ingestion.RowsAsync(
                "SELECT status, error FROM ingestion_runs WHERE source = 'coingecko' AND finished_at IS NOT NULL", Cancellation));
    }

    [Fact]
    public async Task A_worker_that_stands_still_during_a_page_does_not_hold_up_its_successor()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.Markets(pages: 1, size: 5);
        await using var ingestion = await CreateAsync(upstream);
        var lease = ingestion.Host.Services.GetRequiredService<LeaseStore>();
        var token = await lease.DrawTokenAsync(Cancellation);

        // The worker goes no further than this, as if it were suspended here.
        await using var transaction = await FencedTransaction.BeginAsync(
            ingestion.Host.Services.GetRequiredService<NpgsqlDataSource>(), token, Cancellation);

        var outcome = await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);

        Assert.True(outcome.Succeeded, string.Join("; ", outcome.Sources));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => transaction.CommitAsync(Cancellation));
    }

    [Fact]
    public async Task The_database_refuses_a_second_active_run()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        await using var ingestion = await CreateAsync(upstream);
        var lease = ingestion.Host.Services.GetRequiredService<LeaseStore>();
        var token = await lease.DrawTokenAsync(Cancellation);
        await ingestion.Host.Services.GetRequiredService<RunStore>()
            .StartAsync(Guid.NewGuid(), SourceNames.Csv, "command", "live", token, Cancellation);

        var refused = await Assert.ThrowsAsync<PostgresException>(
            () => ingestion.Host.Services.GetRequiredService<RunStore>()
                .StartAsync(Guid.NewGuid(), SourceNames.CoinGecko, "command", "live", token, Cancellation));

        Assert.Equal(PostgresErrorCodes.UniqueViolation, refused.SqlState);
    }

    [Fact]
    public async Task A_second_worker_is_locked_out_while_one_is_at_work()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.Markets(pages: 1, size: 5);
        var reached = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        upstream.On(StubUpstream.Market(1), async context =>
        {
            reached.TrySetResult();
            await release.Task.WaitAsync(context.RequestAborted);
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(StubUpstream.MarketPage(1, 5), context.RequestAborted);
        });
        await using var ingestion = await CreateAsync(upstream);

        var first = ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);
        await reached.Task.WaitAsync(Cancellation);
        using var second = IngestionProcess.Start(ingestion.Settings, Cancellation, "ingest", "--source", SourceNames.CoinGecko);
        var (exitCode, output) = await second.WaitAsync(Cancellation);
        release.SetResult();

        Assert.True((await first).Succeeded);
        Assert.Equal(ExitCodes.LockedOut, exitCode);
        Assert.Contains("locked out", output, StringComparison.Ordinal);
    }

    private Task<IngestionHarness> CreateAsync(StubUpstream upstream, params (string Key, string? Value)[] overrides) =>
        IngestionHarness.CreateAsync(services, upstream.Url, Cancellation, overrides);
}
