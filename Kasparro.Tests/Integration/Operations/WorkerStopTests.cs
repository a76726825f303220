using Kasparro.Data.Runs;

namespace Kasparro.Tests.Integration.Operations;

/// <summary>A worker that is told to stop while it reads.</summary>
public sealed class WorkerStopTests(BackingServices services)
{
    private const int Pages = 6;
    private const int PageSize = 50;

    // Only CoinGecko's listings, because the next worker may also read the CSV file before it is told to stop.
    private const string Listings = "SELECT count(*) FROM listings WHERE source = 'coingecko'";

    [Fact]
    public async Task A_terminated_worker_finishes_its_page_tells_so_and_the_next_goes_on_after_it()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.Markets(Pages, PageSize);
        await using var ingestion = await IngestionHarness.CreateAsync(
            services,
            upstream.Url,
            Cancellation,
            ("Ingestion:StopGrace", "00:01:00"), // The page waits as long as this test needs.
            ("Sources:CoinGecko:PageSize", $"{PageSize}"));
        var third = new TaskCompletionSource();
        var (asked, body) = (new TaskCompletionSource(), StubUpstream.MarketPage(3, PageSize));
        upstream.On(StubUpstream.Market(3), async context =>
        {
            asked.TrySetResult();
            await third.Task;
            context.Response.ContentType = "application/json";
            await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, body, context.RequestAborted);
        });

        await using var stopped = ServiceProcess.StartWorker(ingestion.Settings);
        await asked.Task.WaitAsync(Cancellation);
        await stopped.WritesAsync("page 2 committed", Cancellation);
        await using var connection = await ingestion.Database.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await connection.ExecuteAsync("LOCK TABLE listings IN SHARE MODE", Cancellation);
        third.SetResult();
        await Eventually.TrueAsync(() => IsWaitedForAsync(ingestion), Cancellation);

        await stopped.SignalAsync("TERM", Cancellation);
        await stopped.WritesAsync("Application is shutting down", Cancellation);
        Assert.True(await IsWaitedForAsync(ingestion), stopped.Output); // The shutdown waits for the page, which waits for the lock.
        Assert.False(stopped.HasExited, stopped.Output);
        await transaction.CommitAsync(Cancellation);
        var exitCode = await stopped.WaitAsync(Cancellation);

        Assert.True(exitCode == 0, stopped.Output);
        Assert.Equal(
            [new Run(RunStatus.Cancelled, Pages: 3, Inserted: 3 * PageSize, "Stopped on request, after a whole page.")],
            await ingestion.RecordsAsync<Run>(
                "SELECT status, pages, inserted, error FROM ingestion_runs WHERE source = 'coingecko'", Cancellation));
        Assert.Equal(3 * PageSize, await ingestion.ScalarAsync<long>(Listings, Cancellation));
        Assert.Equal(0, await ingestion.ScalarAsync<long>("SELECT count(*) FROM ingestion_runs WHERE status = 'running'", Cancellation));

        await using var next = ServiceProcess.StartWorker(ingestion.Settings);
        await next.WritesAsync("coingecko/markets: resumed at page 4", Cancellation);
        await next.WritesAsync("coingecko: completed", Cancellation);
        await next.SignalAsync("TERM", Cancellation);

        Assert.Equal(0, await next.WaitAsync(Cancellation));
        Assert.Equal(Pages * PageSize, await ingestion.ScalarAsync<long>(Listings, Cancellation));
    }

    [Fact]
    public async Task A_worker_that_was_stopped_resumes_at_the_next_page_and_ends_as_if_it_had_not_been()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Markets(pages: 5, size: 7);
        await using var undisturbed = await IngestionHarness.CreateAsync(services, upstream.Url, Cancellation);
        var reference = await undisturbed.IngestAsync(Cancellation, SourceNames.CoinGecko);
        Assert.True(reference.Succeeded, string.Join("; ", reference.Sources));
        var reached = new TaskCompletionSource();
        upstream.On(StubUpstream.Market(4), async context =>
        {
            reached.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        await using var ingestion = await IngestionHarness.CreateAsync(services, upstream.Url, Cancellation);
        upstream.OnJson("/coins", "[]");
        upstream.OnJson("/tickers", "[]");
        await using (var worker = ServiceProcess.StartWorker(ingestion.Settings))
        {
            await reached.Task.WaitAsync(Cancellation);
            await worker.SignalAsync("TERM", Cancellation);
            await worker.WaitAsync(Cancellation);
        }

        upstream.Markets(pages: 5, size: 7);
        var outcome = await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);

        Assert.True(outcome.Succeeded, string.Join("; ", outcome.Sources)); // The lock was released.
        Assert.Equal(await undisturbed.ContentAsync(Cancellation), await ingestion.ContentAsync(Cancellation));
    }

    private static Task<bool> IsWaitedForAsync(IngestionHarness ingestion) => ingestion.ScalarAsync<bool>(
        "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = 'listings'::regclass)", Cancellation);

    private sealed record Run(string Status, int Pages, long Inserted, string? Error);
}
