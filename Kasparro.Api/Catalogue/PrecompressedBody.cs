using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Kasparro.Api.Catalogue;

/// <summary>
/// A body compressed once, to which each answer puts a head of its own without compressing anything again: the head goes in front as a block
/// that is stored as it is. Every head has the same length, <see cref="HeadLength"/>, and ends in spaces.
/// </summary>
internal sealed class PrecompressedBody
{
    /// <summary>Bytes of every head; spaces, which JSON passes over, fill it up.</summary>
    public const int HeadLength = 128;

    private const int GzipHeaderLength = 10;
    private const int GzipTrailerLength = 8;
    private const int StoredHeaderLength = 5;
    private const int BrotliWindow = 22;

    private readonly byte[] _compressed;
    private readonly Crc32Shift? _shift;
    private readonly uint _bodyCrc;
    private readonly int _bodyLength;

    private PrecompressedBody(byte[] compressed, int bodyLength, uint bodyCrc, Crc32Shift? shift)
    {
        (_compressed, _bodyLength, _bodyCrc, _shift) = (compressed, bodyLength, bodyCrc, shift);
    }

    /// <summary>Bytes of the whole answer.</summary>
    public int Length => _shift is null
        ? 3 + HeadLength + _compressed.Length
        : GzipHeaderLength + StoredHeaderLength + HeadLength + _compressed.Length + GzipTrailerLength;

    /// <summary>Compresses as gzip (RFC 1952).</summary>
    public static PrecompressedBody Gzip(ReadOnlySpan<byte> body)
    {
        using var compressed = new MemoryStream();
        using (var deflate = new DeflateStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflate.Write(body);
        }

        return new PrecompressedBody(compressed.ToArray(), body.Length, Crc32.HashToUInt32(body), new Crc32Shift(body.Length));
    }

    /// <summary>
    /// Compresses with Brotli (RFC 7932). The compressor is shown a head first, so that it counts distances and contexts from where the reader
    /// will: one of bytes that nothing in a JSON body can refer to, with the two spaces that every head ends in.
    /// </summary>
    public static PrecompressedBody Brotli(ReadOnlySpan<byte> body)
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
        encoder.Compress(body, buffer, out _, out var written, isFinalBlock: true);
        return new PrecompressedBody(buffer[..written], body.Length, 0, null);
    }

    /// <summary>Writes the answer with this head.</summary>
    /// <param name="head"><see cref="HeadLength"/> bytes; the last two are spaces.</param>
    /// <param name="answer"><see cref="Length"/> bytes.</param>
    public void Write(ReadOnlySpan<byte> head, Span<byte> answer)
    {
        if (_shift is null)
        {
            // Window, then a block that is not the last one, of HeadLength bytes, not compressed: 24 bits.
            const int Window22 = 0x0B;
            const int Block = Window22 | ((HeadLength - 1) << 7) | (1 << 23);
            answer[0] = unchecked((byte)Block);
            answer[1] = unchecked((byte)(Block >> 8));
            answer[2] = (byte)(Block >> 16);
            head.CopyTo(answer[3..]);
            _compressed.CopyTo(answer[(3 + HeadLength)..]);
            return;
        }

        ReadOnlySpan<byte> header = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF, 0, HeadLength, 0, unchecked((byte)~HeadLength), 0xFF];
        header.CopyTo(answer);
        head.CopyTo(answer[header.Length..]);
        _compressed.CopyTo(answer[(header.Length + HeadLength)..]);
        var trailer = answer[(header.Length + HeadLength + _compressed.Length)..];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, _shift.Apply(Crc32.HashToUInt32(head)) ^ _bodyCrc);
        BinaryPrimitives.WriteInt32LittleEndian(trailer[4..], HeadLength + _bodyLength);
    }
}
