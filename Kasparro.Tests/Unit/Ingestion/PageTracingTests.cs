using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Runs;
using Kasparro.Ingestion.Sources;

namespace Kasparro.Tests.Unit.Ingestion;

public sealed class PageTracingTests : IDisposable
{
    private static readonly ActivitySource Upstream = new("test.upstream");

    private readonly ConcurrentQueue<Activity> _ended = []; // Includes activities of other tests' runs, which end at the same time.
    private readonly ActivityListener _listener;

    public PageTracingTests()
    {
        _listener = new()
        {
            ShouldListenTo = source => source.Name is "test.upstream" or IngestionTelemetry.Name,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task Call_and_load_are_below_their_pages_span_and_that_below_the_runs_when_pages_are_read_ahead()
    {
        using var run = IngestionTelemetry.Spans.StartActivity("run of this test")!;
        await foreach (var (page, span) in Prefetch.OneAheadAsync(
            token => PagesAsync(3, token).TracedAsync("pages of this test", token), Cancellation))
        {
            using var pageSpan = span;
            Activity.Current = span;
            using var load = Upstream.StartActivity($"load {page.Number}");
        }

        Assert.Same(run, Activity.Current);
        foreach (var number in Enumerable.Range(0, 3))
        {
            var page = Assert.Single(
                _ended, span => span.DisplayName == "page pages of this test" && (int)span.GetTagItem("kasparro.page")! == number);
            Assert.Equal(run.SpanId, page.ParentSpanId);
            Assert.Equal(page.SpanId, Assert.Single(_ended, span => span.DisplayName == $"call {number}").ParentSpanId);
            Assert.Equal(page.SpanId, Assert.Single(_ended, span => span.DisplayName == $"load {number}").ParentSpanId);
        }
    }

    [Fact]
    public async Task Span_tells_the_error_when_the_source_fails()
    {
        using var run = IngestionTelemetry.Spans.StartActivity("failing run of this test")!;
        await Assert.ThrowsAsync<SourceException>(async () =>
        {
            await foreach (var (_, span) in FailAsync().TracedAsync("broken pages of this test", Cancellation))
            {
                span?.Dispose();
            }
        });

        var page = Assert.Single(_ended, span => span.DisplayName == "page broken pages of this test");
        Assert.Equal((ActivityStatusCode.Error, "broken"), (page.Status, page.StatusDescription));
    }

    private static async IAsyncEnumerable<SourcePage> PagesAsync(int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var number = 0; number < count; number++)
        {
            using (Upstream.StartActivity($"call {number}"))
            {
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
            }

            yield return new() { Number = number, Records = [], Rejections = [], FetchedAt = default, RecordsThrough = 0 };
        }
    }

    private static async IAsyncEnumerable<SourcePage> FailAsync()
    {
        await Task.Yield();
        throw new SourceException("broken");
#pragma warning disable CS0162 // Makes it an iterator.
        yield break;
#pragma warning restore CS0162
    }
}
