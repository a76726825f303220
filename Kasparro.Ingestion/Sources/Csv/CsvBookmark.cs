using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.IO.Hashing;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>
/// Where a reading of a file stands, and how to know that the file still is what was read: the hash of all text before that place. Appended
/// rows leave it as it is; anything else is another content.
/// </summary>
/// <param name="Offset">Where reading continues, in bytes of the text as UTF-8, from after the byte order mark.</param>
/// <param name="Line">The line there, from 1.</param>
/// <param name="TextHash">The hash of the text before it.</param>
/// <param name="Layout">How its rows were read (<see cref="CsvLayout.Fingerprint"/>).</param>
/// <param name="RowsBeyond">Rows already read beyond <paramref name="Offset"/>, which are read again if anything was appended.</param>
/// <param name="TailLength">The length of the text beyond <paramref name="Offset"/> if all of it was read, else 0.</param>
/// <param name="TailHash">Its hash.</param>
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
