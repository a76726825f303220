using CsvHelper;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>The state of a row's quotes. CsvHelper ignores faulty quotes, which may swallow rows or change texts.</summary>
internal enum CsvQuoting
{
    Sound,

    /// <summary>
    /// Text after a closing quote, <c>"a"b</c>, or, in a row of several lines, a quote inside a field: a quote was not closed in its place.
    /// </summary>
    Stray,

    /// <summary>A quote that is still open at the end of the row.</summary>
    Open,
}

internal static class CsvQuotes
{
    public static CsvQuoting Inspect(CsvReader reader, bool severalLines)
    {
        for (var i = 0; i < reader.FieldCount; i++)
        {
            var field = reader.GetRawSpan(i).TrimStart(" \t"u8);
            var quoting = field is [(byte)'"', .. var inner] ? InspectQuoted(inner)
                : severalLines && field.Contains((byte)'"') ? CsvQuoting.Stray
                : CsvQuoting.Sound;
            if (quoting != CsvQuoting.Sound)
            {
                return quoting;
            }
        }

        return CsvQuoting.Sound;
    }

    private static CsvQuoting InspectQuoted(ReadOnlySpan<byte> rest)
    {
        while (true)
        {
            var quote = rest.IndexOf((byte)'"');
            if (quote < 0)
            {
                return CsvQuoting.Open;
            }

            rest = rest[(quote + 1)..];
            if (rest is not [(byte)'"', ..])
            {
                return rest.TrimEnd(" \t"u8).IsEmpty ? CsvQuoting.Sound : CsvQuoting.Stray;
            }

            rest = rest[1..];
        }
    }
}
