using System.Buffers.Text;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Kasparro.Api.Catalogue;

/// <summary>
/// A response of <c>/data</c> without its head: everything after <c>api_latency_ms</c>, from the comma's right to the closing brace; or the
/// whole response of a vendor's route. Never changed.
/// </summary>
internal sealed class RenderedPage
{
    private PrecompressedBody? _brotli;
    private PrecompressedBody? _gzip;

    private RenderedPage(CatalogueStamp stamp, ReadOnlyMemory<byte> body, string link, string entityTag)
    {
        (Stamp, Body, Link, EntityTag) = (stamp, body, link, entityTag);
    }

    /// <summary>The catalogue's state that the page shows.</summary>
    public CatalogueStamp Stamp { get; }

    /// <summary>UTF-8 JSON: <c>"data":[…],…}</c>, or a whole value.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The field <c>Link</c>; empty for none.</summary>
    public string Link { get; }

    /// <summary>The field <c>ETag</c>: weak, since the head differs each time, and the same as long as the rows are.</summary>
    public string EntityTag { get; }

    /// <summary>Bytes that it takes, with its compressed forms, which are about a quarter each.</summary>
    public int Bytes => Body.Length + (Body.Length / 2) + (Link.Length * sizeof(char));

    /// <summary>The page compressed with Brotli, made when it is first asked for.</summary>
    public PrecompressedBody Brotli => _brotli ??= PrecompressedBody.Brotli(Body);

    /// <summary>The page compressed as gzip, made when it is first asked for.</summary>
    public PrecompressedBody Gzip => _gzip ??= PrecompressedBody.Gzip(Body);

    /// <summary>A page with the tag that follows from its body.</summary>
    public static RenderedPage Create(CatalogueStamp stamp, ReadOnlyMemory<byte> body, string link)
    {
        Span<byte> hash = stackalloc byte[16];
        XxHash128.Hash(body.Span, hash);
        return new RenderedPage(stamp, body, link, $"W/\"{Base64Url.EncodeToString(hash)}\"");
    }

    /// <summary>A page that is a whole response.</summary>
    public static RenderedPage Create<T>(CatalogueStamp stamp, T response, JsonTypeInfo<T> type) =>
        Create(stamp, JsonSerializer.SerializeToUtf8Bytes(response, type), link: "");

    /// <summary>What Redis keeps of it.</summary>
    public byte[] Serialize() => [.. Encoding.ASCII.GetBytes(Link), (byte)'\n', .. Body.Span];

    /// <summary>Reads what <see cref="Serialize"/> wrote; null for anything else.</summary>
    /// <param name="stamp">The state that the page is of.</param>
    /// <param name="bytes">What Redis has.</param>
    /// <param name="isWhole">Whether it is the whole response of a vendor's route.</param>
    public static RenderedPage? Deserialize(CatalogueStamp stamp, ReadOnlyMemory<byte> bytes, bool isWhole = false)
    {
        var end = bytes.Span.IndexOf((byte)'\n');
        return end >= 0 && (isWhole ? IsWhole(bytes.Span[(end + 1)..]) : PageJson.IsBody(bytes.Span[(end + 1)..]))
            ? Create(stamp, bytes[(end + 1)..], Encoding.ASCII.GetString(bytes.Span[..end]))
            : null;
    }

    private static bool IsWhole(ReadOnlySpan<byte> bytes) => bytes is [(byte)'{', .., (byte)'}'] or [(byte)'[', .., (byte)']'];
}
