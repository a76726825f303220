using Kasparro.Data.Runs;
using Kasparro.Ingestion.Runs;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Kasparro.Tests.Integration.Ingestion;

/// <summary>Runs that stop midway, and runs that continue where these stopped.</summary>
public sealed class ResumedRunTests(BackingServices services)
{
    [Fact]
    public async Task Stopping_ends_the_run_after_a_whole_page_and_the_next_continues_from_there()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Markets(pages: 4, size: 5);
        using var stop = new CancellationTokenSource();
        upstream.On(StubUpstream.Market(3), async context =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        await using var ingestion = await CreateAsync(upstream);

        var stopped = await ingestion.IngestAsync(stop.Token, SourceNames.CoinGecko);
        upstream.Markets(pages: 4, size: 5);
        var finished = await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);

        Assert.Equal(RunStatus.Cancelled, Assert.Single(stopped.Sources).Status);
        Assert.Equal(20, stopped.Sources[0].Totals.Inserted + finished.Sources[0].Totals.Inserted);
        Assert.Equal(0, finished.Sources[0].Totals.Unchanged);
    }

    [Theory]
    [InlineData("01:00:00", "page=3", 10)] // Young enough to resume.
    [InlineData("00:00:00", "page=1", 20)]
    public async Task A_run_that_failed_continues_or_starts_over_by_its_age_and_ends_as_if_it_had_not_failed(
        string maxAge, string first, int read)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Markets(pages: 4, size: 5);
        await using var undisturbed = await CreateAsync(upstream);
        await undisturbed.IngestAsync(Cancellation, SourceNames.CoinGecko);
        upstream.OnStatus(StubUpstream.Market(3), 500);
        await using var failing = await CreateAsync(upstream);
        var failed = Assert.Single((await failing.IngestAsync(Cancellation, SourceNames.CoinGecko)).Sources);
        upstream.Markets(pages: 4, size: 5);
        await using var next = IngestionHarness.Create(failing.Settings, ("Ingestion:MaxResumeAge", maxAge));
        var before = upstream.Requests.Count;

        var finished = Assert.Single((await next.IngestAsync(Cancellation, SourceNames.CoinGecko)).Sources);

        Assert.Equal((RunStatus.Failed, 10), (failed.Status, failed.Totals.Inserted));
        Assert.Equal((RunStatus.Completed, read), (finished.Status, finished.Totals.Read));
        Assert.Contains(first, upstream.Requests.ElementAt(before), StringComparison.Ordinal);
        Assert.Equal(await undisturbed.ContentAsync(Cancellation), await next.ContentAsync(Cancellation));
    }

    [Fact]
    public async Task A_run_killed_in_the_middle_resumes_at_the_next_page_and_ends_as_if_it_had_not_been()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Markets(pages: 5, size: 7);
        await using var undisturbed = await CreateAsync(upstream);
        await undisturbed.IngestAsync(Cancellation, SourceNames.CoinGecko);
        await using var ingestion = await CreateAsync(upstream);
        var reached = new TaskCompletionSource();
        upstream.On(StubUpstream.Market(4), async context =>
        {
            reached.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });

        using (var killed = IngestionProcess.Start(ingestion.Settings, Cancellation, "ingest", "--source", SourceNames.CoinGecko))
        {
            await reached.Task.WaitAsync(Cancellation);
            await Eventually.TrueAsync(
                async () => await ingestion.ScalarAsync<long>("SELECT coalesce(max(page), 0)::bigint FROM checkpoints", Cancellation) == 3,
                Cancellation);
            killed.Kill();
            await killed.WaitAsync(Cancellation);
        }

        // The lock expires at once. With a short regular expiry, a busy machine could lose it during the run.
        await using (var redis = await ConnectionMultiplexer.ConnectAsync(ingestion.Settings["ConnectionStrings:cache"]!))
        {
            await redis.GetDatabase().KeyExpireAsync(CacheKeys.IngestionLock, TimeSpan.FromMilliseconds(1));
        }

        upstream.Markets(pages: 5, size: 7);
        var before = upstream.Requests.Count;
        IngestionOutcome outcome = IngestionOutcome.OfLockedOut;
        await Eventually.TrueAsync(
            async () => !(outcome = await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).LockedOut, Cancellation);

        Assert.True(outcome.Succeeded);
        Assert.Contains("page=4", upstream.Requests.ElementAt(before), StringComparison.Ordinal);
        Assert.Equal(await undisturbed.ContentAsync(Cancellation), await ingestion.ContentAsync(Cancellation));
        Assert.Equal(
            ["completed", "interrupted"], await ingestion.RowsAsync("SELECT status FROM ingestion_runs ORDER BY status", Cancellation));
    }

    private Task<IngestionHarness> CreateAsync(StubUpstream upstream, params (string Key, string? Value)[] overrides) =>
        IngestionHarness.CreateAsync(services, upstream.Url, Cancellation, overrides);
}
