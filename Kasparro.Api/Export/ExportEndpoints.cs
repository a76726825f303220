using Kasparro.Api.Catalogue;
using Kasparro.Api.Docs;
using Kasparro.Api.Http;

namespace Kasparro.Api.Export;

internal static class ExportEndpoints
{
    public static void AddExport(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ExportReader>();
        builder.Services.AddSingleton<ExportSender>();
    }

    public static void MapExport(this WebApplication app)
    {
        app.MapHistoryExport();
        app.MapRead("/export", GetAsync)
            .WithName("GetExport")
            .WithSummary("Export the catalogue")
            .WithDescription(
                "The whole catalogue as one file, streamed. All rows are of the version in X-Catalogue-Version, from which /changes " +
                "continues. Active assets, or the listings of one source, filtered as in /data; in the order of their ids. Texts in CSV " +
                "are as the source sent them, also those that a spreadsheet would run as a formula, unless guard_formulas=true puts an " +
                "apostrophe in front of them. A client that reads too slowly is disconnected.")
            .WithTags("Catalogue")
            .ProducesProblems(StatusCodes.Status406NotAcceptable, StatusCodes.Status503ServiceUnavailable)
            .ProducesText(ExportFormat.Csv.MediaType, ExportFormat.CsvExample)
            .ProducesText(ExportFormat.Ndjson.MediaType, ExportFormat.NdjsonExample)
            .ProducesText(ExportFormat.Parquet.MediaType, "PAR1…")
            .WithResponseHeader(
                StatusCodes.Status200OK, ExportSender.VersionHeader, "The catalogue version of all rows: the since of /changes.")
            .WithResponseHeader(StatusCodes.Status200OK, "Content-Disposition", "A file name that contains the version.")
            .DescribeParameters<ExportParameters>()
            .DescribeParameters<FilterParameters>();
    }

    private static async Task GetAsync(HttpContext context, ExportSender sender)
    {
        if (!ExportQuery.TryParse(context.Request, out var query, out var errors))
        {
            await Problems.WriteInvalidQueryAsync(context, errors);
            return;
        }

        if (ExportFormat.Choose(context, query.Format, ExportFormat.All) is not { } format)
        {
            await Problems.WriteAsync(context, StatusCodes.Status406NotAcceptable);
            return;
        }

        await sender.SendAsync(
            context, format, query.Rows.Source ?? "assets", () => ExportSql.Rows(query.Rows), ExportRow.Read,
            (response, cancellationToken) => CreateAsync(format, query.GuardsFormulas, response, cancellationToken));
    }

    private static async Task<IExportWriter<ExportRow>> CreateAsync(
        ExportFormat format, bool guardsFormulas, HttpResponse response, CancellationToken cancellationToken) =>
        format == ExportFormat.Csv ? await CsvExport.BeginAsync(response.Body, guardsFormulas, cancellationToken)
        : format == ExportFormat.Ndjson ? new NdjsonExport<ExportRow>(response.BodyWriter, ApiJson.Relaxed.ExportRow)
        : await ParquetExport<ExportRow>.BeginAsync(response.Body, ExportRow.ParquetColumns, cancellationToken);
}
