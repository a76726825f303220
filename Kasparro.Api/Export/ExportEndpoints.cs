using Kasparro.Api.Catalogue;
using System.Globalization;
using Kasparro.Api.Docs;
using Kasparro.Api.Http;

namespace Kasparro.Api.Export;

internal static class ExportEndpoints
{
    /// <summary>Names the catalogue version that an export is of.</summary>
    public const string VersionHeader = "X-Catalogue-Version";

    public static void AddExport(this WebApplicationBuilder builder) => builder.Services.AddSingleton<ExportReader>();

    public static void MapExport(this WebApplication app) =>
        app.MapRead("/export", GetAsync)
            .WithName("GetExport")
            .WithSummary("Export the catalogue")
            .WithDescription(
                "The whole catalogue as one file, streamed. All rows are of the version in X-Catalogue-Version, from which /changes continues. Active assets, or the " +
                "listings of one source, filtered as in /data; in the order of their ids. Texts in CSV are as the source sent them, including texts that a spreadsheet " +
                "would run as a formula.")
            .WithTags("Catalogue")
            .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status406NotAcceptable, StatusCodes.Status503ServiceUnavailable)
            .ProducesText(ExportFormat.Csv.MediaType, ExportFormat.CsvExample)
            .ProducesText(ExportFormat.Ndjson.MediaType, ExportFormat.NdjsonExample)
            .ProducesText(ExportFormat.Parquet.MediaType, "PAR1…")
            .WithResponseHeader(StatusCodes.Status200OK, VersionHeader, "The catalogue version of all rows.")
            .WithResponseHeader(StatusCodes.Status200OK, "Content-Disposition", "A file name that contains the version.")
            .DescribeParameters<ExportParameters>()
            .DescribeParameters<FilterParameters>();

    private static async Task GetAsync(HttpContext context, ExportReader exports, CancellationToken cancellationToken)
    {
        if (!ExportQuery.TryParse(context.Request, out var query, out var errors))
        {
            await Problems.WriteInvalidQueryAsync(context, errors);
            return;
        }

        context.Response.Headers.Vary = "Accept";
        if ((query.Format ?? (ExportFormat.TryAccept(context.Request.Headers.Accept, out var accepted) ? accepted : null)) is not { } format)
        {
            await Problems.WriteAsync(context, StatusCodes.Status406NotAcceptable);
            return;
        }

        await using var rows = await exports.OpenAsync(query, cancellationToken);
        var version = rows.Version.ToString(CultureInfo.InvariantCulture);
        context.Response.ContentType = format.ContentType;
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers[VersionHeader] = version;
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"kasparro-{query.Rows.Source ?? "assets"}-{version}.{format.Name}\"";
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        await using var writer = await CreateAsync(format, context.Response, cancellationToken);
        await rows.WriteToAsync(writer, cancellationToken);
    }

    private static async Task<IExportWriter> CreateAsync(ExportFormat format, HttpResponse response, CancellationToken cancellationToken) =>
        format == ExportFormat.Csv ? new CsvExport(response.Body)
        : format == ExportFormat.Ndjson ? new NdjsonExport(response.BodyWriter)
        : await ParquetExport.BeginAsync(response.Body, cancellationToken);
}
