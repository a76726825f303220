using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Kasparro.Tests.Integration.Operations;

/// <summary>
/// A worker that is told to stop at any moment of its life. The graph's orchestrator kills processes that have not ended after six seconds.
/// </summary>
[CollectionDefinition(nameof(WorkerStopDeadlineTests), DisableParallelization = true)]
[Collection(nameof(WorkerStopDeadlineTests))] // Measures time, while other tests would slow the worker down.
public sealed class WorkerStopDeadlineTests(BackingServices services)
{
    private static readonly TimeSpan KilledAfter = TimeSpan.FromSeconds(6);

    [Theory]
    [InlineData(Moment.Idle)]
    [InlineData(Moment.Requesting)]
    [InlineData(Moment.Loading)]
    public Task A_worker_ends_before_it_is_killed_whatever_it_does_and_whether_its_stores_still_react(Moment moment) =>
        Task.WhenAll(StopAsync(moment, storesAreSilent: false), StopAsync(moment, storesAreSilent: true));

    /// <summary>Starts a worker and tells it to stop.</summary>
    private async Task StopAsync(Moment moment, bool storesAreSilent)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        var reached = new TaskCompletionSource();
        var (pages, size) = moment is Moment.Loading ? (200, 200) : (2, 5);
        upstream.Markets(pages, size);
        if (moment is not Moment.Idle)
        {
            upstream.On(StubUpstream.Market(2), async context =>
            {
                if (moment is Moment.Requesting)
                {
                    reached.TrySetResult();
                    await Task.Delay(Timeout.Infinite, context.RequestAborted);
                }

                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync(StubUpstream.MarketPage(2, size), context.RequestAborted);
                reached.TrySetResult();
            });
        }

        await using var ingestion =
            await IngestionHarness.CreateAsync(services, upstream.Url, Cancellation, ("Ingestion:Interval", "01:00:00"));
        await using var stores = RelayedStores.Create(ingestion.Settings);
        await using var worker = ServiceProcess.StartWorker(stores.Settings);
        await (moment is Moment.Idle ? worker.WritesAsync("csv_source: completed", Cancellation) : reached.Task.WaitAsync(Cancellation));
        if (storesAreSilent)
        {
            stores.Postgres.Stall();
            stores.Redis.Stall();
        }

        var clock = Stopwatch.StartNew();
        await worker.SignalAsync("TERM", Cancellation);
        var exitCode = await worker.WaitAsync(Cancellation);
        var took = clock.Elapsed;

        TestContext.Current.SendDiagnosticMessage(string.Create(
            CultureInfo.InvariantCulture,
            $"{moment}, stores {(storesAreSilent ? "silent" : "there")}: ended after {took.TotalSeconds:0.0} s, exit code {exitCode}"));
        Assert.Equal(0, exitCode);
        Assert.True(took < KilledAfter, $"{took}, stores {(storesAreSilent ? "silent" : "there")}: {worker.Output}");
        Assert.DoesNotContain("Unhandled exception", worker.Output, StringComparison.Ordinal);
        if (!storesAreSilent)
        {
            Assert.Empty(
                await ingestion.RowsAsync("SELECT source, status FROM ingestion_runs WHERE status IN ('running', 'failed')", Cancellation));
        }
    }

    /// <summary>What a worker is doing when it is told to stop.</summary>
    public enum Moment
    {
        /// <summary>Waiting for the next ingestion.</summary>
        Idle,

        /// <summary>Waiting for an upstream's response.</summary>
        Requesting,

        /// <summary>Loading pages, one after another.</summary>
        Loading,
    }
}
