using System.Runtime.CompilerServices;
using CsvHelper;
using Kasparro.Ingestion.Sources;
using Kasparro.Ingestion.Sources.Csv;

namespace Kasparro.Ingestion.Loading.References;

/// <summary>A row of a delimited file.</summary>
/// <param name="Line">The number of its first line, from 1.</param>
/// <param name="Fields">Its fields; empty if the row is malformed.</param>
/// <param name="Fault">Why the row is malformed, as a code of <see cref="Model.RejectionReason"/>, or null if it is well-formed.</param>
/// <param name="Detail">Why the row is malformed, for people.</param>
/// <param name="Text">The row as written, shortened.</param>
internal sealed record DelimitedRow(long Line, IReadOnlyList<string> Fields, string? Fault, string Detail, string Text);

/// <summary>
/// Reads files with a few known columns, by the same rules as CSV files of assets (encodings, quotes, line breaks, compression).
/// </summary>
internal static class DelimitedRows
{
    private static readonly char[] Delimiters = [',', ';', '\t', '|'];

    /// <summary>Reads all rows except blank ones and comments, including the header if there is one.</summary>
    /// <exception cref="Sources.SourceException">The file cannot be read.</exception>
    public static async IAsyncEnumerable<DelimitedRow> ReadAsync(
        string path, IReadOnlyList<string> columns, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var options = new CsvOptions();
        using var input = CsvInput.Open(path, configured: null);
        using var window = new CsvWindow(input, options.MaxRowBytes);
        await window.SlideAsync(0, cancellationToken);
        var layout = CsvLayout.Create(FindDelimiter(window.Text, columns.Count), columns, options);
        using var rows = new CsvRows(window, layout, header: default);
        rows.StartAt(lineBreak: 0, line: 1);
        while (true)
        {
            while (rows.TryRead())
            {
                var text = RecordBuilder.Shorten(rows.Text, RecordBuilder.MaxRow);
                yield return rows.Fault is { } fault
                    ? new(rows.Line, [], fault, rows.FaultDetail, text)
                    : new(
                        rows.Line, [.. columns.Select((_, column) => CsvCell.ReadText(rows.Field(column), isName: false))], null, "", text);
            }

            if (!await rows.FillAsync(cancellationToken))
            {
                yield break;
            }
        }
    }

    /// <summary>Returns the delimiter with which the first row has the expected number of fields.</summary>
    private static char FindDelimiter(ReadOnlyMemory<byte> text, int columns)
    {
        foreach (var delimiter in Delimiters)
        {
            using var reader = CsvReader.Create(text, CsvRows.ReaderOptions(delimiter));
            while (reader.Read())
            {
                if (reader.RawRecord is [] or [(byte)'#', ..])
                {
                    continue;
                }

                if (reader.FieldCount == columns)
                {
                    return delimiter;
                }

                break;
            }
        }

        return Delimiters[0];
    }
}
