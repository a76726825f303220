using System.IO.Compression;

namespace Kasparro.Simulator.Faults;

/// <summary>The content codings that faults are told by.</summary>
internal static class ContentCoding
{
    /// <summary>The coding unless told.</summary>
    public const string Default = "gzip";

    /// <summary>The codings that there are.</summary>
    public static IReadOnlyList<string> All { get; } = [Default, "deflate", "br"];

    /// <summary>A stream that compresses into another, which it leaves open.</summary>
    public static Stream Create(string? coding, Stream compressed) => coding switch
    {
        "deflate" => new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true),
        "br" => new BrotliStream(compressed, CompressionLevel.Fastest, leaveOpen: true),
        _ => new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true),
    };

    /// <summary>A body in a coding.</summary>
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
