using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Kasparro.Simulator.Upstreams;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace Kasparro.Simulator.Faults;

/// <summary>Precedes every upstream route, counts its requests, and applies the planned faults.</summary>
internal sealed class FaultMiddleware(RequestDelegate next, FaultPlan plan, RequestLedger ledger)
{
    private const int DripBytes = 64;
    private const int DripMilliseconds = 100;
    private const int BombBlock = 64 * 1024;
    private const int BombBytes = 256 * 1024 * 1024;

    private static readonly byte[] HtmlPage = """
        <!DOCTYPE html>
        <html><head><title>Attention Required! | Cloudflare</title></head><body><h1>Sorry, you have been blocked</h1></body></html>

        """u8.ToArray();

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<UpstreamRoute>() is not { } route)
        {
            return next(context);
        }

        var fault = plan.Strike(route);
        ledger.Count(route, fault is not null);
        return fault is null ? next(context) : SpoilAsync(context, route, fault);
    }

    private Task SpoilAsync(HttpContext context, UpstreamRoute route, Fault fault) => fault.Kind switch
    {
        FaultKind.Status => RefuseAsync(context, route, fault, StatusCodes.Status500InternalServerError, fault.RetryAfter),
        FaultKind.RetryAfter => RefuseAsync(context, route, fault, StatusCodes.Status429TooManyRequests, fault.RetryAfter ?? "2"),
        FaultKind.Hang => HangAsync(context, fault),
        FaultKind.Reset => ResetAsync(context, fault),
        FaultKind.Drip => DripAsync(context, fault),
        FaultKind.Html => HtmlAsync(context, fault),
        FaultKind.Empty => context.WriteBodyAsync(fault.Status ?? StatusCodes.Status200OK, default),
        FaultKind.EmptyList => context.WriteBodyAsync(StatusCodes.Status200OK, "[]"u8.ToArray()),
        FaultKind.Error200 => Error200Async(context, route, fault),
        FaultKind.ContentType => RewriteAsync(context, body => body, fault.ContentType ?? "text/plain"),
        FaultKind.Truncate => RewriteAsync(context, body => Cut(body, fault.Bytes)),
        FaultKind.Duplicate => RewriteAsync(context, BodyRewriter.Duplicate),
        FaultKind.Reorder => RewriteAsync(context, BodyRewriter.Reorder),
        FaultKind.RepeatPage => RepeatPageAsync(context, fault),
        FaultKind.ContentEncoding => EncodeAsync(context, fault, body => body),
        FaultKind.CutEncoding => EncodeAsync(context, fault, body => Cut(ContentCoding.Compress(fault.Encoding, body), fault.Bytes)),
        FaultKind.Bomb => BombAsync(context, fault),
        FaultKind.Set => RewriteAsync(context, body => BodyRewriter.Set(body, fault)),
        FaultKind.Omit => RewriteAsync(context, body => BodyRewriter.Omit(body, fault.Id)),
        FaultKind.Drift => RewriteAsync(context, body => BodyRewriter.Drift(body, fault)),
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault.Kind, message: null),
    };

    private static Task RefuseAsync(HttpContext context, UpstreamRoute route, Fault fault, int status, string? retryAfter)
    {
        status = fault.Status ?? status;
        context.Response.Headers.RetryAfter = retryAfter; // Null sets no header.
        return context.WriteBodyAsync(status, OwnBody(fault) ?? UpstreamErrors.Body(route.Upstream, status));
    }

    private async Task HangAsync(HttpContext context, Fault fault)
    {
        try
        {
            await Task.Delay(fault.DelayMilliseconds ?? Timeout.Infinite, context.RequestAborted);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return; // The client gave up, which is the purpose of a hang.
        }

        await next(context);
    }

    private async Task ResetAsync(HttpContext context, Fault fault)
    {
        if (fault.Bytes is { } bytes)
        {
            var body = await BufferAsync(context);
            context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body[..Math.Min(bytes, body.Length)], context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }

        // No linger: the client sees a reset, not an orderly close.
        context.Features.Get<IConnectionSocketFeature>()?.Socket.LingerState = new LingerOption(enable: true, seconds: 0);
        context.Abort();
    }

    private async Task DripAsync(HttpContext context, Fault fault)
    {
        var body = await BufferAsync(context);
        context.Response.ContentLength = body.Length;
        var size = Math.Max(1, fault.Bytes ?? DripBytes);
        for (var sent = 0; sent < body.Length; sent += size)
        {
            var drop = body.Slice(sent, Math.Min(size, body.Length - sent));
            await context.Response.Body.WriteAsync(drop, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(fault.DelayMilliseconds ?? DripMilliseconds, context.RequestAborted);
        }
    }

    private static Task HtmlAsync(HttpContext context, Fault fault)
    {
        context.Response.ContentType = "text/html; charset=UTF-8";
        return context.WriteBodyAsync(fault.Status ?? StatusCodes.Status200OK, OwnBody(fault) ?? HtmlPage);
    }

    private Task RepeatPageAsync(HttpContext context, Fault fault)
    {
        var query = QueryHelpers.ParseQuery(context.Request.QueryString.Value);
        query["page"] = (fault.Page ?? 1).ToString(CultureInfo.InvariantCulture);
        context.Request.QueryString = QueryString.Create(query);
        return next(context);
    }

    private Task EncodeAsync(HttpContext context, Fault fault, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> encode)
    {
        context.Response.Headers.ContentEncoding = fault.Encoding ?? ContentCoding.Default;
        return RewriteAsync(context, encode);
    }

    private static async Task BombAsync(HttpContext context, Fault fault)
    {
        context.Response.ContentType = "application/json";
        context.Response.Headers.ContentEncoding = fault.Encoding ?? ContentCoding.Default;
        await using var bomb = ContentCoding.Create(fault.Encoding, context.Response.Body);
        var spaces = new byte[BombBlock];
        spaces.AsSpan().Fill((byte)' ');
        spaces[0] = (byte)'[';
        for (long sent = 0; sent < (fault.Bytes ?? BombBytes); sent += spaces.Length)
        {
            await bomb.WriteAsync(spaces, context.RequestAborted);
            spaces[0] = (byte)' ';
        }

        await bomb.WriteAsync("]"u8.ToArray(), context.RequestAborted);
    }

    private static ReadOnlyMemory<byte> Cut(ReadOnlyMemory<byte> body, int? bytes) =>
        body[..Math.Min(bytes ?? (body.Length / 2), body.Length)];

    private static Task Error200Async(HttpContext context, UpstreamRoute route, Fault fault)
    {
        var body = OwnBody(fault) ?? UpstreamErrors.Body(route.Upstream, fault.Status ?? StatusCodes.Status429TooManyRequests);
        return context.WriteBodyAsync(StatusCodes.Status200OK, body);
    }

    private async Task RewriteAsync(
        HttpContext context, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> rewrite, string? contentType = null)
    {
        var body = rewrite(await BufferAsync(context));
        context.Response.ContentType = contentType ?? context.Response.ContentType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>Lets the route respond, and buffers its body.</summary>
    private async Task<ReadOnlyMemory<byte>> BufferAsync(HttpContext context)
    {
        var response = context.Response.Body;
        var buffer = new MemoryStream();
        context.Response.Body = buffer;
        try
        {
            await next(context);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        }
        finally
        {
            context.Response.Body = response;
        }

        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }

    private static byte[]? OwnBody(Fault fault) => fault.Body is { } body ? Encoding.UTF8.GetBytes(body) : null;
}
