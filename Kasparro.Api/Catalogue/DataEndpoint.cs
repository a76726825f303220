using System.Buffers;
using System.Globalization;
using System.Text;
using Kasparro.Api.Http;
using Microsoft.Extensions.Primitives;

namespace Kasparro.Api.Catalogue;

/// <summary><c>GET /data</c>: the catalogue, page by page.</summary>
internal sealed class DataEndpoint(PageCache pages, CatalogueVersionTracker version, DataCursorCodec cursors, TimeProvider time)
{
    public const string Path = "/data";

    // Smaller bodies fit into a packet or two as they are.
    private const int LeastCompressed = 1_024;

    // Kept anywhere, and asked for again each time, which a 304 makes cheap: a commit shows at once.
    private static readonly StringValues CacheControl = "public, no-cache";
    private static readonly StringValues Vary = "Accept-Encoding";
    private static readonly StringValues ContentType = "application/json";

    // Responds from the cache or from Postgres. (An XML comment here would become the route's summary in the OpenAPI document.)
    public Task HandleAsync(HttpContext context) => cursors.HasKey ? RespondAsync(context) : BeginAsync(context);

    // Until Postgres was read for the first time nothing is known that could be served.
    private async Task BeginAsync(HttpContext context)
    {
        await version.ConfirmAsync(context.RequestAborted);
        await RespondAsync(context);
    }

    private Task RespondAsync(HttpContext context)
    {
        var started = time.GetTimestamp();
        if (!DataQueryParser.TryParse(context.Request.QueryString.Value, cursors, out var query, out var errors))
        {
            return Problems.WriteInvalidQueryAsync(context, errors);
        }

        if (!MediaTypes.Accepts(context.Request.Headers.Accept, MediaTypes.Json))
        {
            return Problems.WriteAsync(context, StatusCodes.Status406NotAcceptable);
        }

        return pages.TryGet(query, started, out var page)
            ? WriteAsync(context, page, started)
            : RespondMissingAsync(context, query, started);
    }

    /// <summary>
    /// Writes the part of the response that is not shared: the request's id and how long the response took, in milliseconds.
    /// </summary>
    /// <returns>Bytes written; at most 126.</returns>
    internal static int WriteHead(Span<byte> head, string requestId, TimeSpan latency)
    {
        // Whole numbers only: interpolation and number formats would cost more than all the rest of a hot response.
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

    private async Task RespondMissingAsync(HttpContext context, DataQuery query, long started) =>
        await WriteAsync(context, await pages.GetMissingAsync(query, context.RequestAborted), started);

    private Task WriteAsync(HttpContext context, RenderedPage page, long started)
    {
        var response = context.Response;
        var headers = response.Headers;
        headers.ETag = page.EntityTag;
        headers.CacheControl = CacheControl;
        headers.Vary = headers.Vary.Count == 0 ? Vary : StringValues.Concat(headers.Vary, Vary);
        if (page.Link.Length > 0)
        {
            headers.Link = page.Link;
        }

        if (EntityTags.Matches(context.Request.Headers.IfNoneMatch, page.EntityTag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        headers.ContentType = ContentType;
        Span<byte> head = stackalloc byte[PrecompressedBody.HeadLength];
        var length = WriteHead(head, context.TraceIdentifier, time.GetElapsedTime(started));
        if (page.Body.Length >= LeastCompressed && MediaTypes.ChooseCoding(context.Request.Headers.AcceptEncoding) is { } coding)
        {
            head[length..].Fill((byte)' ');
            headers.ContentEncoding = coding;
            return WriteCompressed(response, coding == "br" ? page.Brotli : page.Gzip, head);
        }

        response.ContentLength = length + page.Body.Length;

        // With the headers written first, the body goes straight into the connection's buffers. The task is complete: what hooks into the
        // start does not wait.
        _ = response.StartAsync(CancellationToken.None);

        // A client that went away needs no token: what is written to its connection is dropped.
        response.BodyWriter.Write(head[..length]);
        return response.BodyWriter.WriteAsync(page.Body, CancellationToken.None).AsTask();
    }

    private static Task WriteCompressed(HttpResponse response, PrecompressedBody body, ReadOnlySpan<byte> head)
    {
        var length = body.Length;
        response.ContentLength = length;
        _ = response.StartAsync(CancellationToken.None);
        body.Write(head, response.BodyWriter.GetSpan(length));
        response.BodyWriter.Advance(length);
        return response.BodyWriter.FlushAsync(CancellationToken.None).AsTask();
    }
}
