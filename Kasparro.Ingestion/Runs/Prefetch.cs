using System.Runtime.CompilerServices;

namespace Kasparro.Ingestion.Runs;

/// <summary>Reads the next item while the current one is being processed.</summary>
internal static class Prefetch
{
    /// <summary>
    /// The same items in the same order, read one ahead. An exception of the source is thrown where its next item would have been. If the
    /// consumer stops, the source is cancelled, and an item that was read but not handed over is disposed.
    /// </summary>
    public static async IAsyncEnumerable<T> OneAheadAsync<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> source, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : notnull
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var items = source(stop.Token).GetAsyncEnumerator(stop.Token);
        var next = MoveNextAsync();
        try
        {
            while (await next)
            {
                var item = items.Current;
                next = MoveNextAsync();
                yield return item;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (next is { IsCompletedSuccessfully: true, Result: true } && items.Current is IDisposable unused)
            {
                unused.Dispose();
            }
        }

        // On a separate thread: a source whose next item is available synchronously would otherwise block the consumer.
        Task<bool> MoveNextAsync() => Task.Run(async () => await items.MoveNextAsync(), CancellationToken.None);
    }
}
