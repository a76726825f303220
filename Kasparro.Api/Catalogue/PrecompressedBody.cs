using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Kasparro.Api.Catalogue;

/// <summary>
/// A body that is compressed once. Each response puts its own head in front, as an uncompressed block, without compressing anything again.
/// Every head has the same length, <see cref="HeadLength"/>, and ends with spaces.
/// </summary>
internal sealed class PrecompressedBody
{
    /// <summary>The length of every head in bytes; it is padded with spaces, which JSON ignores.</summary>
    public const int HeadLength = 128;

    private const int GzipHeaderLength = 10;
    private const int GzipTrailerLength = 8;
    private const int StoredHeaderLength = 5;
    private const int BrotliWindow = 22;

    private readonly byte[] _compressed;
    private readonly ReadOnlyMemory<byte> _body;
    private readonly bool _isGzip;

    private PrecompressedBody(byte[] compressed, ReadOnlyMemory<byte> body, bool isGzip) =>
        (_compressed, _body, _isGzip) = (compressed, body, isGzip);

    /// <summary>The length of the whole response in bytes.</summary>
    public int Length => !_isGzip
        ? 3 + HeadLength + _compressed.Length
        : GzipHeaderLength + StoredHeaderLength + HeadLength + _compressed.Length + GzipTrailerLength;

    /// <summary>Compresses with gzip (RFC 1952).</summary>
    public static PrecompressedBody Gzip(ReadOnlyMemory<byte> body)
    {
        using var compressed = new MemoryStream();
        using (var deflate = new DeflateStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflate.Write(body.Span);
        }

        return new PrecompressedBody(compressed.ToArray(), body, isGzip: true);
    }

    /// <summary>
    /// Compresses with Brotli (RFC 7932). The compressor is given a placeholder head first, so that distances and contexts match what the
    /// decoder will see. The placeholder consists of bytes that nothing in a JSON body can refer to, and of the two spaces with which every
    /// head ends.
    /// </summary>
    public static PrecompressedBody Brotli(ReadOnlyMemory<byte> body)
    {
        Span<byte> head = stackalloc byte[HeadLength];
        for (var index = 0; index < HeadLength - 2; index++)
        {
            head[index] = (byte)(0x80 + index);
        }

        head[^2..].Fill((byte)' ');

        using var encoder = new BrotliEncoder(quality: 5, window: BrotliWindow);
        var buffer = new byte[BrotliEncoder.GetMaxCompressedLength(HeadLength + body.Length) + 64];
        encoder.Compress(head, buffer, out _, out var ignored, isFinalBlock: false);
        encoder.Flush(buffer.AsSpan(ignored), out _);
        encoder.Compress(body.Span, buffer, out _, out var written, isFinalBlock: true);
        return new PrecompressedBody(buffer[..written], body, isGzip: false);
    }

    /// <summary>Writes the response with this head.</summary>
    /// <param name="head"><see cref="HeadLength"/> bytes; the last two are spaces.</param>
    /// <param name="response"><see cref="Length"/> bytes.</param>
    public void Write(ReadOnlySpan<byte> head, Span<byte> response)
    {
        if (!_isGzip)
        {
            // The window size, then an uncompressed block of HeadLength bytes that is not the last one: 24 bits.
            const int Window22 = 0x0B;
            const int Block = Window22 | ((HeadLength - 1) << 7) | (1 << 23);
            response[0] = unchecked((byte)Block);
            response[1] = unchecked((byte)(Block >> 8));
            response[2] = (byte)(Block >> 16);
            head.CopyTo(response[3..]);
            _compressed.CopyTo(response[(3 + HeadLength)..]);
            return;
        }

        ReadOnlySpan<byte> header = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF, 0, HeadLength, 0, unchecked((byte)~HeadLength), 0xFF];
        header.CopyTo(response);
        head.CopyTo(response[header.Length..]);
        _compressed.CopyTo(response[(header.Length + HeadLength)..]);
        var trailer = response[(header.Length + HeadLength + _compressed.Length)..];

        // Computed over the whole response each time, at gigabytes per second.
        var crc = new Crc32();
        crc.Append(head);
        crc.Append(_body.Span);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, crc.GetCurrentHashAsUInt32());
        BinaryPrimitives.WriteInt32LittleEndian(trailer[4..], HeadLength + _body.Length);
    }
}
