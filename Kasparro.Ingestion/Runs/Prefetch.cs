using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Kasparro.Ingestion.Runs;

/// <summary>Reads the next item while the current one is being worked on.</summary>
internal static class Prefetch
{
    /// <summary>
    /// The same items in the same order, read one ahead. An exception of the source comes where its next item would have. Whoever stops
    /// enumerating stops the source.
    /// </summary>
    public static async IAsyncEnumerable<T> OneAheadAsync<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var channel = Channel.CreateBounded<T>(new BoundedChannelOptions(1) { SingleReader = true, SingleWriter = true });
        var reading = ReadAsync(source, channel.Writer, stop.Token);
        try
        {
            await foreach (var item in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return item;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await reading;
        }
    }

    private static async Task ReadAsync<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> source, ChannelWriter<T> writer, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var item in source(cancellationToken))
            {
                await writer.WriteAsync(item, cancellationToken);
            }

            writer.Complete();
        }
        catch (Exception e)
        {
            writer.Complete(e); // Thrown to the reader, where the items end.
        }
    }
}
