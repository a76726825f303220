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
                "The whole catalogue as one file, streamed, all of it of the version that X-Catalogue-Version names: what /changes goes on from. Active assets, or " +
                "what one source lists, filtered as /data filters them; in the order of their ids. Texts in CSV stand as they were sent, also those that a spreadsheet would take for a formula.")
            .WithTags("Catalogue")
            .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status406NotAcceptable, StatusCodes.Status503ServiceUnavailable)
            .AddOpenApiOperationTransformer(ExportDocs.DescribeAsync);

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
