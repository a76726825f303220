using System.IO.Compression;

namespace Kasparro.Simulator.Faults;

/// <summary>The content codings of faults.</summary>
internal static class ContentCoding
{
    /// <summary>The default coding.</summary>
    public const string Default = "gzip";

    /// <summary>The supported codings.</summary>
    public static IReadOnlyList<string> All { get; } = [Default, "deflate", "br"];

    /// <summary>Creates a stream that compresses into another one, which it leaves open.</summary>
    public static Stream Create(string? coding, Stream compressed) => coding switch
    {
        "deflate" => new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true),
        "br" => new BrotliStream(compressed, CompressionLevel.Fastest, leaveOpen: true),
        _ => new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true),
    };

    /// <summary>Compresses a body.</summary>
    public static ReadOnlyMemory<byte> Compress(string? coding, ReadOnlyMemory<byte> body)
    {
        var compressed = new MemoryStream();
        using (var stream = Create(coding, compressed))
        {
            stream.Write(body.Span);
        }

        return compressed.ToArray();
    }
}
