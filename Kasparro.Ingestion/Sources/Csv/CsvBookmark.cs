using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.IO.Hashing;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>
/// The position up to which a file has been read, with the hash of all text before it, which shows whether the file still begins with what
/// was read. Appending rows does not change that hash; any other edit makes it a different file.
/// </summary>
/// <param name="Offset">Where reading continues, in bytes of the text as UTF-8, from after the byte order mark.</param>
/// <param name="Line">The line at that position, from 1.</param>
/// <param name="TextHash">The hash of the text before <paramref name="Offset"/>.</param>
/// <param name="Layout">The layout that the rows were read with (<see cref="CsvLayout.Fingerprint"/>).</param>
/// <param name="RowsBeyond">Rows already read beyond <paramref name="Offset"/>, which are read again if anything was appended.</param>
/// <param name="TailLength">The length of the text beyond <paramref name="Offset"/> if all of it was read, otherwise 0.</param>
/// <param name="TailHash">The hash of that text.</param>
internal readonly record struct CsvBookmark(
    long Offset, long Line, string TextHash, string Layout, long RowsBeyond, int TailLength, string TailHash)
{
    private const string Version = "csv1";

    public static string Hash(ReadOnlySpan<byte> text) => Convert.ToHexStringLower(XxHash128.Hash(text));

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Version}:{Offset}:{Line}:{TextHash}:{Layout}:{RowsBeyond}:{TailLength}:{TailHash}");

    public static bool TryParse([NotNullWhen(true)] string? text, out CsvBookmark bookmark)
    {
        bookmark = default;
        if (text?.Split(':') is not [Version, var offset, var line, var hash, var layout, var rows, var tailLength, var tailHash]
            || !Parse(offset, out var o) || !Parse(line, out var l) || !Parse(rows, out var r) || !Parse(tailLength, out var t)
            || o < 1 || t > int.MaxValue)
        {
            return false;
        }

        bookmark = new CsvBookmark(o, l, hash, layout, r, (int)t, tailHash);
        return true;
    }

    private static bool Parse(string text, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
