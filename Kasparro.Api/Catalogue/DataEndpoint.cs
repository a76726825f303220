using System.Globalization;
using System.Text;
using Kasparro.Api.Http;
using Microsoft.Extensions.Primitives;

namespace Kasparro.Api.Catalogue;

/// <summary><c>GET /data</c>: the catalogue, page by page.</summary>
internal sealed class DataEndpoint(PageCache pages, CatalogueVersionTracker version, DataCursorCodec cursors, TimeProvider time)
{
    public const string Path = "/data";

    private static readonly StringValues Vary = "Accept-Encoding";
    private static readonly StringValues ContentType = "application/json";

    // Responds from the cache or from Postgres. (An XML comment here would become the route's summary in the OpenAPI document.)
    public Task HandleAsync(HttpContext context) => cursors.HasKey ? RespondAsync(context) : BeginAsync(context);

    // Nothing can be served until Postgres has been read for the first time.
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

    /// <summary>Writes the part of the response that is not shared: the request's id and the latency in milliseconds.</summary>
    /// <returns>The number of bytes written; at most 126.</returns>
    internal static int WriteHead(Span<byte> head, string requestId, TimeSpan latency)
    {
        // Integers only: interpolation and number formatting would cost more than all the rest of a hot response.
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
        Span<byte> head = stackalloc byte[PrecompressedBody.HeadLength];
        var length = WriteHead(head, context.TraceIdentifier, time.GetElapsedTime(started));
        return PageResponse.WriteAsync(context, page, head[..length], ContentType, Vary);
    }
}
