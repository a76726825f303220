using Kasparro.Api;
using Kasparro.Api.Postgres;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Kasparro.Tests.Unit.Api;

public sealed class CatalogueDeadlineTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_query_is_abandoned_at_once_and_cancelled_on_no_thread_that_requests_need(bool clientGoes)
    {
        var time = new FakeTimeProvider();
        var options = new ApiOptions();
        var deadline = new CatalogueDeadline(time, Options.Create(options));
        using var client = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var cancelledOnPool = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var isOver = new ManualResetEventSlim();

        var running = deadline.RunAsync(
            async token =>
            {
                // Like Npgsql, which blocks the cancelling thread while a server hangs.
                await using var registration = token.Register(() =>
                {
                    cancelledOnPool.SetResult(Thread.CurrentThread.IsThreadPoolThread);
                    isOver.Wait(Cancellation);
                });
                await new TaskCompletionSource().Task.WaitAsync(Cancellation); // Never completes on its own.
                return 0;
            },
            client.Token);
        if (clientGoes)
        {
            await client.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        }
        else
        {
            time.Advance(options.DatabaseTimeout);
            await Assert.ThrowsAsync<CatalogueUnavailableException>(() => running);
        }

        Assert.False(await cancelledOnPool.Task);
        isOver.Set();
    }

    /// <summary>Such as an export's connection and slot: if they leaked, the route would gradually run out of them.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_result_that_comes_too_late_is_disposed_of(bool clientGoes)
    {
        var time = new FakeTimeProvider();
        var options = new ApiOptions();
        var deadline = new CatalogueDeadline(time, Options.Create(options));
        using var client = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var query = new TaskCompletionSource<Place>(TaskCreationOptions.RunContinuationsAsynchronously);
        var place = new Place();

        var running = deadline.RunAsync(_ => query.Task, client.Token);
        if (clientGoes)
        {
            await client.CancelAsync();
        }
        else
        {
            time.Advance(options.DatabaseTimeout);
        }

        await Assert.ThrowsAnyAsync<Exception>(() => running);
        query.SetResult(place);
        await place.Disposed.WaitAsync(Cancellation);
    }

    private sealed class Place : IAsyncDisposable
    {
        private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Disposed => _disposed.Task;

        public ValueTask DisposeAsync()
        {
            _disposed.SetResult();
            return ValueTask.CompletedTask;
        }
    }
}
