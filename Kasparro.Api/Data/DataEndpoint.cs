using System.Buffers;
using System.Globalization;
using Kasparro.Api.Caching;
using Kasparro.Api.Errors;

namespace Kasparro.Api.Data;

/// <summary><c>GET /data</c>: the catalogue, page by page.</summary>
internal sealed class DataEndpoint(PageCache pages, TimeProvider time)
{
    private const int MaxHeadLength = 128;

    /// <summary>Answers from the cache without a detour through async machinery where the page is at hand.</summary>
    public Task HandleAsync(HttpContext context)
    {
        var started = time.GetTimestamp();
        if (!DataQueryParser.TryParse(context.Request.QueryString.Value, out var query, out var errors))
        {
            return Problems.WriteInvalidQueryAsync(context, errors);
        }

        var page = pages.GetAsync(query, context.RequestAborted);
        return page.IsCompletedSuccessfully ? WriteAsync(context, page.Result, started) : WriteLaterAsync(context, page, started);
    }

    /// <summary>Writes the part of the response that is not shared: the request's id and how long the answer took, in milliseconds.</summary>
    /// <returns>Bytes written; at most 128.</returns>
    internal static int WriteHead(Span<byte> head, string requestId, TimeSpan latency)
    {
        if (!System.Text.Unicode.Utf8.TryWrite(
            head,
            CultureInfo.InvariantCulture,
            $"{{\"request_id\":\"{requestId}\",\"api_latency_ms\":{latency.Ticks / TimeSpan.TicksPerMillisecond}.{latency.Ticks / TimeSpan.TicksPerMicrosecond % 1000:000},",
            out var written))
        {
            throw new ArgumentException("The head does not fit.", nameof(head));
        }

        return written;
    }

    private async Task WriteLaterAsync(HttpContext context, ValueTask<RenderedPage> page, long started) =>
        await WriteAsync(context, await page, started);

    private Task WriteAsync(HttpContext context, RenderedPage page, long started)
    {
        Span<byte> head = stackalloc byte[MaxHeadLength];
        var length = WriteHead(head, context.TraceIdentifier, time.GetElapsedTime(started));

        var response = context.Response;
        response.ContentType = "application/json";
        response.ContentLength = length + page.Body.Length;
        response.BodyWriter.Write(head[..length]);
        return response.BodyWriter.WriteAsync(page.Body, context.RequestAborted).AsTask();
    }
}
