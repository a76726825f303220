using Microsoft.Extensions.Options;

namespace Kasparro.Api.Postgres;

/// <summary>
/// Limits how long a response waits for Postgres, and reports every failure to respond as <see cref="CatalogueUnavailableException"/>.
/// </summary>
internal sealed class CatalogueDeadline(TimeProvider time, IOptions<ApiOptions> options)
{
    /// <summary>
    /// Runs the query. A query that exceeds the deadline is cancelled and not awaited, since on a dead connection Npgsql takes a while to
    /// cancel. The query must therefore own the resources that it uses.
    /// </summary>
    /// <param name="query">The query; a late result that is <see cref="IAsyncDisposable"/> is disposed of.</param>
    /// <param name="cancellationToken">Signals that the client has disconnected; the query is abandoned in the same way.</param>
    /// <exception cref="CatalogueUnavailableException">
    /// Postgres is unavailable, or <see cref="ApiOptions.DatabaseTimeout"/> has elapsed.
    /// </exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> query, CancellationToken cancellationToken = default)
    {
        var abandonment = new CancellationTokenSource();
        var running = RetryAsync(query, abandonment.Token);
        try
        {
            return await running.WaitAsync(options.Value.DatabaseTimeout, time, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Abandon(running, abandonment);
            throw;
        }
        catch (Exception exception) when (CatalogueUnavailableException.IsMeantBy(exception))
        {
            Abandon(running, abandonment);
            throw new CatalogueUnavailableException(exception);
        }
    }

    // To cancel, Npgsql opens another connection, and the cancelling thread blocks on it, for a long time if the server hangs. It must not
    // be a thread of the thread pool, which has few: when it was, a page in memory waited 17 s with 150 clients and a stopped PostgreSQL.
    private static void Abandon<T>(Task<T> running, CancellationTokenSource abandonment)
    {
        if (!running.IsCompleted)
        {
            _ = Task.Factory.StartNew(
                abandonment.Cancel, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        _ = DiscardAsync(running);
    }

    // Nobody awaits the abandoned query: its exception is ignored, and a result that holds a connection returns it.
    private static async Task DiscardAsync<T>(Task<T> abandoned)
    {
        await ((Task)abandoned).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (abandoned.IsCompletedSuccessfully && await abandoned is IAsyncDisposable result)
        {
            await result.DisposeAsync();
        }
        else
        {
            _ = abandoned.Exception;
        }
    }

    // Retries once, immediately: after a restart of Postgres every pooled connection is broken, and the first failure makes the pool drop
    // them all.
    private static async Task<T> RetryAsync<T>(Func<CancellationToken, Task<T>> query, CancellationToken cancellationToken)
    {
        try
        {
            return await query(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && CatalogueUnavailableException.IsMeantBy(exception))
        {
            return await query(cancellationToken);
        }
    }
}
