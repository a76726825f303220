using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;

namespace Kasparro.Simulator.Upstreams;

/// <summary>Draws logos that nobody holds rights to: a coloured disc with a symmetrical pattern, derived from a text.</summary>
internal static class LogoPicture
{
    private const int Size = 64;
    private const int Cells = 5;
    private const int Margin = 12;
    private const int BytesPerPixel = 4;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    /// <summary>Draws the picture of a text, as PNG; it is always the same for the same text.</summary>
    public static byte[] Draw(string text)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        byte[] header = [0, 0, 0, Size, 0, 0, 0, Size, 8, 6, 0, 0, 0]; // Eight bits per channel, RGBA, not interlaced.
        using var png = new MemoryStream();
        png.Write(Signature);
        Write(png, "IHDR"u8, header);
        Write(png, "IDAT"u8, Compress(Paint(hash)));
        Write(png, "IEND"u8, []);
        return png.ToArray();
    }

    /// <summary>Paints the lines of pixels, each preceded by the number of its filter, which is 0 for none.</summary>
    private static byte[] Paint(byte[] hash)
    {
        const int Line = 1 + (Size * BytesPerPixel);
        var lines = new byte[Size * Line];
        for (var y = 0; y < Size; y++)
        {
            for (var x = 0; x < Size; x++)
            {
                var pixel = lines.AsSpan((y * Line) + 1 + (x * BytesPerPixel), BytesPerPixel);
                var (right, down) = (x - ((Size - 1) / 2.0), y - ((Size - 1) / 2.0));
                if ((right * right) + (down * down) > Size * Size / 4.0)
                {
                    continue; // Transparent.
                }

                if (IsMarked(hash, x, y))
                {
                    pixel.Fill(byte.MaxValue);
                }
                else
                {
                    (pixel[0], pixel[1], pixel[2], pixel[3]) = (Dark(hash[0]), Dark(hash[1]), Dark(hash[2]), byte.MaxValue);
                }
            }
        }

        return lines;

        static byte Dark(byte channel) => (byte)(40 + (channel * 2 / 3));
    }

    private static bool IsMarked(byte[] hash, int x, int y)
    {
        const int Cell = (Size - (2 * Margin)) / Cells;
        var (column, row) = (Math.DivRem(x - Margin, Cell).Quotient, Math.DivRem(y - Margin, Cell).Quotient);
        return x >= Margin && y >= Margin && column < Cells && row < Cells
            && (hash[3 + (row * Cells) + Math.Min(column, Cells - 1 - column)] & 1) == 1;
    }

    private static byte[] Compress(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var stream = new ZLibStream(compressed, CompressionLevel.Optimal))
        {
            stream.Write(content);
        }

        return compressed.ToArray();
    }

    /// <summary>Writes a chunk: the length of its content, its type, the content, and the checksum of type and content.</summary>
    private static void Write(MemoryStream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        png.Write(number);
        png.Write(type);
        png.Write(content);
        var checksum = new Crc32();
        checksum.Append(type);
        checksum.Append(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, checksum.GetCurrentHashAsUInt32());
        png.Write(number);
    }
}
