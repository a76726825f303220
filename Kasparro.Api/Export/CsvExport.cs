using System.Globalization;
using CsvHelper;
using Kasparro.Api.Http;

namespace Kasparro.Api.Export;

/// <summary>
/// Writes RFC 4180 with a header. Texts are written as the sources sent them, unless formulas are guarded against; an absent value is an
/// empty field.
/// </summary>
/// <param name="output">The stream that the text is written to.</param>
/// <param name="guardsFormulas">Whether texts go through <see cref="FormulaGuard"/>.</param>
internal sealed class CsvExport(Stream output, bool guardsFormulas) : IExportWriter<ExportRow>
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";

    private readonly CsvWriter _csv = CsvWriter.Create(output, new CsvWriterOptions { NewLine = "\r\n" }, leaveOpen: true);

    /// <summary>Begins a file with its header.</summary>
    public static async Task<CsvExport> BeginAsync(Stream output, bool guardsFormulas, CancellationToken cancellationToken)
    {
        var export = new CsvExport(output, guardsFormulas);
        await export._csv.WriteRecordAsync([.. ExportRow.Columns], cancellationToken);
        return export;
    }

    public async ValueTask WriteAsync(ExportRow row, CancellationToken cancellationToken)
    {
        _csv.WriteField(row.AssetId.ToString());
        WriteText(row.Symbol);
        WriteText(row.Name);
        _csv.WriteField(row.Source);
        _csv.WriteField(row.IsActive ? "true" : "false");
        WriteNumber(row.PriceUsd);
        WriteNumber(row.MarketCap);
        WriteNumber(row.Volume24h);
        WriteNumber(row.Rank);
        _csv.WriteField(row.UpdatedAt.ToString(TimeFormat, CultureInfo.InvariantCulture));
        await _csv.EndRecordAsync(cancellationToken);
    }

    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        await _csv.FlushAsync(cancellationToken);
        await output.FlushAsync(cancellationToken);
    }

    // The rest of an export that broke off is not worth writing, and could only be written synchronously.
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void WriteText(string text) => _csv.WriteField(guardsFormulas ? FormulaGuard.Guard(text) : text);

    private void WriteNumber(double? number) => _csv.WriteField(number?.ToString("R", CultureInfo.InvariantCulture) ?? "");
}
