using System.Collections.Concurrent;
using System.Diagnostics;

namespace Kasparro.Tests.Integration.Api;

/// <summary>W3C trace context: a caller's trace continues in the API.</summary>
public sealed class TraceTests(SeededApi seeded) : IClassFixture<SeededApi>
{
    [Theory]
    [InlineData("/data?page_size=3")]
    [InlineData("/stats")]
    public async Task Request_is_a_span_of_the_callers_trace(string path)
    {
        var (trace, caller) = (ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom());
        var ended = new ConcurrentQueue<Activity>();
        var served = new TaskCompletionSource();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (span.TraceId == trace)
                {
                    ended.Enqueue(span);
                    served.TrySetResult();
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("traceparent", $"00-{trace}-{caller}-01");
        request.Headers.Add("tracestate", "vendor=1");

        using var response = await seeded.Api.Client.SendAsync(request, Cancellation);
        await served.Task.WaitAsync(Cancellation); // The span ends after the response.

        Assert.True(response.IsSuccessStatusCode);
        var span = Assert.Single(ended);
        Assert.Equal((ActivityKind.Server, caller, "vendor=1"), (span.Kind, span.ParentSpanId, span.TraceStateString));
    }
}
