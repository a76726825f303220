using System.Runtime.InteropServices;
using Microsoft.Extensions.Primitives;

namespace Kasparro.Api.Http;

/// <summary>Gives each request an id: the client's own <c>X-Request-Id</c> if it is a UUID, otherwise a new one.</summary>
internal static class RequestIds
{
    public const string Header = "X-Request-Id";

    private static readonly StringValues NoSniff = "nosniff";
    private static readonly StringValues Deny = "DENY";
    private static readonly StringValues NothingLoaded = "default-src 'none'; frame-ancestors 'none'";

    // Otherwise caches may keep responses without a lifetime for one of their own choice.
    private static readonly StringValues Revalidated = "no-cache";

    /// <summary>Sets <see cref="HttpContext.TraceIdentifier"/> to the id, and the headers that every response has.</summary>
    public static void UseRequestIds(this WebApplication app) => app.Use(next => context =>
    {
        var id = Guid.TryParseExact(context.Request.Headers[Header], "D", out var sent) ? sent : Create();
        var text = id.ToString();
        context.TraceIdentifier = text;
        SetHeaders(context.Response.Headers, text);
        return next(context);
    });

    /// <summary>Sets the headers again on a response that was cleared for an error.</summary>
    public static void SetHeaders(HttpContext context) => SetHeaders(context.Response.Headers, context.TraceIdentifier);

    private static void SetHeaders(IHeaderDictionary headers, string id)
    {
        headers[Header] = id;
        headers.XContentTypeOptions = NoSniff;
        headers.XFrameOptions = Deny;
        headers.CacheControl = Revalidated;
        headers.ContentSecurityPolicy = NothingLoaded;
    }

    // A version 4 UUID that must be unique, not secret: Guid.NewGuid asks the kernel for randomness each time.
    private static Guid Create()
    {
        Span<long> random = [Random.Shared.NextInt64(long.MinValue, long.MaxValue), Random.Shared.NextInt64(long.MinValue, long.MaxValue)];
        var bytes = MemoryMarshal.AsBytes(random);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
