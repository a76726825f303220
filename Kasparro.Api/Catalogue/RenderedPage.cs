using System.Buffers.Text;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Kasparro.Api.Catalogue;

/// <summary>
/// A response of <c>/data</c> without its head: everything after <c>api_latency_ms</c>, from what follows the comma to the closing brace;
/// or the whole response of a vendor's route. Immutable.
/// </summary>
internal sealed class RenderedPage
{
    private PrecompressedBody? _brotli;
    private PrecompressedBody? _gzip;

    private RenderedPage(CatalogueStamp stamp, ReadOnlyMemory<byte> body, string link, string entityTag)
    {
        (Stamp, Body, Link, EntityTag) = (stamp, body, link, entityTag);
    }

    /// <summary>The state of the catalogue that the page shows.</summary>
    public CatalogueStamp Stamp { get; }

    /// <summary>UTF-8 JSON: <c>"data":[…],…}</c>, or a whole JSON value.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The value of the header <c>Link</c>; empty if there are no links.</summary>
    public string Link { get; }

    /// <summary>
    /// The value of the header <c>ETag</c>: weak, since the head differs each time, and unchanged as long as the rows are.
    /// </summary>
    public string EntityTag { get; }

    /// <summary>The page's size in bytes, including its compressed forms, which are about a quarter of the body each.</summary>
    public int Bytes => Body.Length + (Body.Length / 2) + (Link.Length * sizeof(char));

    /// <summary>The page compressed with Brotli, created on first use.</summary>
    public PrecompressedBody Brotli => _brotli ??= PrecompressedBody.Brotli(Body);

    /// <summary>The page compressed with gzip, created on first use.</summary>
    public PrecompressedBody Gzip => _gzip ??= PrecompressedBody.Gzip(Body);

    /// <summary>Creates a page, with an entity tag derived from its body.</summary>
    public static RenderedPage Create(CatalogueStamp stamp, ReadOnlyMemory<byte> body, string link)
    {
        Span<byte> hash = stackalloc byte[16];
        XxHash128.Hash(body.Span, hash);
        return new RenderedPage(stamp, body, link, $"W/\"{Base64Url.EncodeToString(hash)}\"");
    }

    /// <summary>Creates a page that is a whole response.</summary>
    public static RenderedPage Create<T>(CatalogueStamp stamp, T response, JsonTypeInfo<T> type) =>
        Create(stamp, JsonSerializer.SerializeToUtf8Bytes(response, type), link: "");

    /// <summary>Serializes the page for Redis.</summary>
    public byte[] Serialize() => [.. Encoding.ASCII.GetBytes(Link), (byte)'\n', .. Body.Span];

    /// <summary>Deserializes the result of <see cref="Serialize"/>; null for anything else.</summary>
    /// <param name="stamp">The state of the catalogue that the page shows.</param>
    /// <param name="bytes">The bytes from Redis.</param>
    /// <param name="isWhole">Whether the page is the whole response of a vendor's route.</param>
    public static RenderedPage? Deserialize(CatalogueStamp stamp, ReadOnlyMemory<byte> bytes, bool isWhole = false)
    {
        var end = bytes.Span.IndexOf((byte)'\n');
        return end >= 0 && (isWhole ? IsWhole(bytes.Span[(end + 1)..]) : PageJson.IsBody(bytes.Span[(end + 1)..]))
            ? Create(stamp, bytes[(end + 1)..], Encoding.ASCII.GetString(bytes.Span[..end]))
            : null;
    }

    private static bool IsWhole(ReadOnlySpan<byte> bytes) => bytes is [(byte)'{', .., (byte)'}'] or [(byte)'[', .., (byte)']'];
}
