using System.Buffers;
using System.Text.Json;

namespace Kasparro.Api.Resolve;

/// <summary>A <see cref="ResolveResponse"/> whose results were serialized share by share, on all cores.</summary>
/// <param name="shares">The shares as <see cref="Serialize"/> returned them, in the order of the response.</param>
internal sealed class ResolvedShares(IReadOnlyList<byte[]> shares) : IResult
{
    /// <summary>Serializes a share of the results as a separate array.</summary>
    public static byte[] Serialize(ResolvedId[] share) => JsonSerializer.SerializeToUtf8Bytes(share, ApiJson.Relaxed.ResolvedIdArray);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var body = httpContext.Response.BodyWriter;
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        body.Write("{\"results\":["u8);
        foreach (var (place, share) in shares.Index())
        {
            body.Write(place > 0 ? ","u8 : []);
            await body.WriteAsync(share.AsMemory(1..^1), httpContext.RequestAborted);
        }

        body.Write("]}"u8);
        await body.FlushAsync(httpContext.RequestAborted);
    }
}
