using System.Buffers;
using Kasparro.Api.Http;
using Microsoft.Extensions.Primitives;

namespace Kasparro.Api.Catalogue;

/// <summary>Writes rendered pages, uncompressed or compressed, or 304 to a client that already has the page.</summary>
internal static class PageResponse
{
    // Smaller bodies fit into a packet or two without compression.
    private const int LeastCompressed = 1_024;

    // May be stored by any cache but must be revalidated each time, which a 304 makes cheap, so that a commit shows at once.
    private static readonly StringValues CacheControl = "public, no-cache";

    /// <summary>Writes the response.</summary>
    /// <param name="context">The request.</param>
    /// <param name="page">The page.</param>
    /// <param name="head">The bytes before the page's body: at most <see cref="PrecompressedBody.HeadLength"/> less two.</param>
    /// <param name="contentType">The value of <c>Content-Type</c>.</param>
    /// <param name="vary">The value of <c>Vary</c>: the request headers that affect the response.</param>
    public static Task WriteAsync(
        HttpContext context, RenderedPage page, ReadOnlySpan<byte> head, StringValues contentType, StringValues vary)
    {
        var response = context.Response;
        var headers = response.Headers;
        headers.ETag = page.EntityTag;
        headers.CacheControl = CacheControl;
        headers.Vary = headers.Vary.Count == 0 ? vary : StringValues.Concat(headers.Vary, vary);
        if (page.Link.Length > 0)
        {
            headers.Link = page.Link;
        }

        if (EntityTags.Matches(context.Request.Headers.IfNoneMatch, page.EntityTag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        headers.ContentType = contentType;
        if (page.Body.Length >= LeastCompressed && MediaTypes.ChooseCoding(context.Request.Headers.AcceptEncoding) is { } coding)
        {
            headers.ContentEncoding = coding;
            return WriteCompressedAsync(response, coding == "br" ? page.Brotli : page.Gzip, head);
        }

        response.ContentLength = head.Length + page.Body.Length;

        // With the headers written first, the body goes directly into the connection's buffers. The task is already complete, since
        // OnStarting callbacks do not wait.
        _ = response.StartAsync(CancellationToken.None);

        // No token is needed for a client that has disconnected: writes to its connection are discarded.
        response.BodyWriter.Write(head);
        return response.BodyWriter.WriteAsync(page.Body, CancellationToken.None).AsTask();
    }

    private static Task WriteCompressedAsync(HttpResponse response, PrecompressedBody body, ReadOnlySpan<byte> head)
    {
        // Padded with spaces, which JSON ignores.
        Span<byte> whole = stackalloc byte[PrecompressedBody.HeadLength];
        head.CopyTo(whole);
        whole[head.Length..].Fill((byte)' ');
        response.ContentLength = body.Length;
        _ = response.StartAsync(CancellationToken.None);
        body.Write(whole, response.BodyWriter.GetSpan(body.Length));
        response.BodyWriter.Advance(body.Length);
        return response.BodyWriter.FlushAsync(CancellationToken.None).AsTask();
    }
}
