using System.Runtime.CompilerServices;
using Kasparro.Ingestion.Runs;

namespace Kasparro.Tests.Unit.Ingestion;

public sealed class PrefetchTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

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

    private static async IAsyncEnumerable<int> EndlessAsync(TaskCompletionSource stopped, [EnumeratorCancellation] CancellationToken cancellationToken)
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
