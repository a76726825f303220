using Microsoft.Extensions.Options;

namespace Kasparro.Api.Postgres;

/// <summary>Bounds how long a response waits for Postgres, and says in one way that it did not come.</summary>
internal sealed class CatalogueDeadline(TimeProvider time, IOptions<ApiOptions> options)
{
    /// <summary>
    /// Runs the query. One that is late is cancelled, and not waited for either: on a line that went silent Npgsql takes its time to
    /// cancel. So the query must own what it uses.
    /// </summary>
    /// <param name="query">The query; a result that is <see cref="IAsyncDisposable"/> and comes too late is disposed of.</param>
    /// <param name="cancellationToken">The client has gone; the query is abandoned in the same way.</param>
    /// <exception cref="CatalogueUnavailableException">Postgres is away, or <see cref="ApiOptions.DatabaseTimeout"/> is over.</exception>
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

    // To cancel, Npgsql connects once more, and the thread that cancels waits for that, on a server that hangs for long. The thread pool
    // has few threads: where it was one of them, a page in memory waited 17 s with 150 clients at a stopped PostgreSQL.
    private static void Abandon<T>(Task<T> running, CancellationTokenSource abandonment)
    {
        if (!running.IsCompleted)
        {
            _ = Task.Factory.StartNew(
                abandonment.Cancel, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        _ = DiscardAsync(running);
    }

    // Nobody waits for the abandoned query: an error of its own is not told, and a result that holds a connection gives it back.
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

    // Once, at once: after a restart of Postgres every pooled connection is broken, and the first to find out makes the pool forget them
    // all.
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
