using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Kasparro.Api.Caching;
using Kasparro.Api.Errors;

namespace Kasparro.Api.Data;

/// <summary><c>GET /data</c>: the catalogue, page by page.</summary>
internal sealed class DataEndpoint(PageCache pages, TimeProvider time)
{
    public const string Path = "/data";

    private const int MaxHeadLength = 128;

    /// <summary>Answers where the page is at hand in this process; false where the request has to go the long way.</summary>
    public bool TryAnswer(HttpContext context, [NotNullWhen(true)] out Task? answer)
    {
        var request = context.Request;
        var started = time.GetTimestamp();
        answer = request.Path.Value == Path
            && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            && DataQueryParser.TryParse(request.QueryString.Value, out var query, out _)
            && pages.TryGet(query, started, out var page)
                ? WriteAsync(context, page, started)
                : null;
        return answer is not null;
    }

    // Answers from the cache or from Postgres. (An XML comment here would become the route's summary in the OpenAPI document.)
    public Task HandleAsync(HttpContext context)
    {
        var started = time.GetTimestamp();
        if (!DataQueryParser.TryParse(context.Request.QueryString.Value, out var query, out var errors))
        {
            return Problems.WriteInvalidQueryAsync(context, errors);
        }

        return pages.TryGet(query, started, out var page)
            ? WriteAsync(context, page, started)
            : AnswerMissingAsync(context, query, started);
    }

    /// <summary>Writes the part of the response that is not shared: the request's id and how long the answer took, in milliseconds.</summary>
    /// <returns>Bytes written; at most 128.</returns>
    internal static int WriteHead(Span<byte> head, string requestId, TimeSpan latency)
    {
        // Whole numbers only: interpolation and number formats would cost more than all the rest of a hot answer.
        var microseconds = latency.Ticks / TimeSpan.TicksPerMicrosecond;
        var (milliseconds, fraction) = Math.DivRem(microseconds, 1000);

        "{\"request_id\":\""u8.CopyTo(head);
        var length = "{\"request_id\":\""u8.Length;
        length += Encoding.ASCII.GetBytes(requestId, head[length..]);
        "\",\"api_latency_ms\":"u8.CopyTo(head[length..]);
        length += "\",\"api_latency_ms\":"u8.Length;
        milliseconds.TryFormat(head[length..], out var digits, default, CultureInfo.InvariantCulture);
        length += digits;
        head[length++] = (byte)'.';
        head[length++] = (byte)('0' + (fraction / 100));
        head[length++] = (byte)('0' + (fraction / 10 % 10));
        head[length++] = (byte)('0' + (fraction % 10));
        head[length++] = (byte)',';
        return length;
    }

    private async Task AnswerMissingAsync(HttpContext context, DataQuery query, long started) =>
        await WriteAsync(context, await pages.GetMissingAsync(query, context.RequestAborted), started);

    private Task WriteAsync(HttpContext context, RenderedPage page, long started)
    {
        Span<byte> head = stackalloc byte[MaxHeadLength];
        var length = WriteHead(head, context.TraceIdentifier, time.GetElapsedTime(started));

        var response = context.Response;
        response.ContentType = "application/json";
        response.ContentLength = length + page.Body.Length;
        // With the headers written first, the body goes straight into the connection's buffers. The task is complete: nothing hooks into the start.
        _ = response.StartAsync(CancellationToken.None);
        // A client that went away needs no token: what is written to its connection is dropped.
        response.BodyWriter.Write(head[..length]);
        return response.BodyWriter.WriteAsync(page.Body, CancellationToken.None).AsTask();
    }
}
