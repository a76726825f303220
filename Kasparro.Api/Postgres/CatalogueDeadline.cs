using Microsoft.Extensions.Options;

namespace Kasparro.Api.Postgres;

/// <summary>Bounds how long an answer waits for Postgres, and says in one way that it did not come.</summary>
internal sealed class CatalogueDeadline(TimeProvider time, IOptions<ApiOptions> options)
{
    /// <summary>
    /// Runs the query. One that is late is cancelled, and not waited for either: on a line that went silent Npgsql takes its time to cancel. So
    /// the query must own what it uses.
    /// </summary>
    /// <exception cref="CatalogueUnavailableException">Postgres is away, or <see cref="ApiOptions.DatabaseTimeout"/> is over.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> query)
    {
        using var timeout = new CancellationTokenSource(options.Value.DatabaseTimeout, time);
        var running = RetryAsync(query, timeout.Token);
        try
        {
            return await running.WaitAsync(timeout.Token);
        }
        catch (Exception exception) when (CatalogueUnavailableException.IsMeantBy(exception))
        {
            // Whatever the abandoned query ends with, it is this that was its outcome.
            _ = running.ContinueWith(
                static ended => ended.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            throw new CatalogueUnavailableException(exception);
        }
    }

    // Once, at once: after a restart of Postgres every pooled connection is broken, and the first to find out makes the pool forget them all.
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
