using System.Runtime.CompilerServices;
using Kasparro.Ingestion.Runs;

namespace Kasparro.Tests.Unit.Ingestion;

public sealed class PrefetchTests
{
    [Fact]
    public async Task OneAheadAsync_gives_all_items_in_order() =>
        Assert.Equal(
            Enumerable.Range(0, 100),
            await Prefetch.OneAheadAsync(token => CountAsync(100, token), Cancellation).ToListAsync(Cancellation));

    [Fact]
    public async Task OneAheadAsync_throws_the_sources_exception_where_the_next_item_would_be()
    {
        var seen = new List<int>();
        var failure = await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            await foreach (var item in Prefetch.OneAheadAsync(token => CountAsync(3, token, fails: true), Cancellation))
            {
                seen.Add(item);
            }
        });
        Assert.Equal("broken", failure.Message);
        Assert.Equal([0, 1, 2], seen);
    }

    [Fact]
    public async Task OneAheadAsync_stops_the_source_when_the_reader_stops()
    {
        var stopped = new TaskCompletionSource();
        await foreach (var item in Prefetch.OneAheadAsync(token => EndlessAsync(stopped, token), Cancellation))
        {
            if (item == 5)
            {
                break;
            }
        }

        await stopped.Task.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task OneAheadAsync_reads_no_more_than_one_ahead()
    {
        var (read, handled, furthest) = (0, 0, 0);
        await foreach (var _ in Prefetch.OneAheadAsync(ReadAsync, Cancellation))
        {
            for (var turn = 0; turn < 1_000; turn++)
            {
                furthest = Math.Max(furthest, Volatile.Read(ref read) - handled);
                await Task.Yield();
            }

            handled++;
        }

        Assert.Equal(2, furthest); // The current one and the next.

        async IAsyncEnumerable<int> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            for (var item = 0; item < 20; item++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Interlocked.Increment(ref read);
                await Task.Yield();
                yield return item;
            }
        }
    }

    [Fact]
    public async Task OneAheadAsync_disposes_of_what_was_read_and_not_handed_over()
    {
        var items = new List<Item>();
        var second = new TaskCompletionSource();
        await foreach (var item in Prefetch.OneAheadAsync(ReadAsync, Cancellation))
        {
            item.Dispose();
            await second.Task.WaitAsync(Cancellation);
            break;
        }

        Assert.All(items, item => Assert.True(item.IsDisposed));
        Assert.Equal(2, items.Count);

        async IAsyncEnumerable<Item> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            while (true)
            {
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
                items.Add(new());
                if (items.Count == 2)
                {
                    second.SetResult();
                }

                yield return items[^1];
            }
        }
    }

    private sealed class Item : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }

    private static async IAsyncEnumerable<int> CountAsync(
        int count, [EnumeratorCancellation] CancellationToken cancellationToken, bool fails = false)
    {
        for (var i = 0; i < count; i++)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return i;
        }

        if (fails)
        {
            throw new InvalidDataException("broken");
        }
    }

    private static async IAsyncEnumerable<int> EndlessAsync(
        TaskCompletionSource stopped, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            for (var i = 0; ; i++)
            {
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
                yield return i;
            }
        }
        finally
        {
            stopped.SetResult();
        }
    }
}
