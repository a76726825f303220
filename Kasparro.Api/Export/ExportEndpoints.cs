using System.Globalization;
using Kasparro.Api.Catalogue;
using Kasparro.Api.Docs;
using Kasparro.Api.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kasparro.Api.Export;

internal static partial class ExportEndpoints
{
    private static readonly TimeSpan GracePeriod = TimeSpan.FromSeconds(10);

    /// <summary>Names the catalogue's state that an export is of: what <c>/changes</c> takes as <c>since</c>.</summary>
    public const string VersionHeader = CorsPolicyExtensions.CatalogueVersionHeader;

    public static void AddExport(this WebApplicationBuilder builder) => builder.Services.AddSingleton<ExportReader>();

    public static void MapExport(this WebApplication app) =>
        app.MapRead("/export", GetAsync)
            .WithName("GetExport")
            .WithSummary("Export the catalogue")
            .WithDescription(
                "The whole catalogue as one file, streamed. All rows are of the version in X-Catalogue-Version, from which /changes " +
                "continues. " +
                "Active assets, or the listings of one source, filtered as in /data; in the order of their ids. Texts in CSV are as the " +
                "source " +
                "sent them, also those that a spreadsheet would run as a formula, unless guard_formulas=true puts an apostrophe in " +
                "front of them. A client that reads too slowly is disconnected.")
            .WithTags("Catalogue")
            .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status406NotAcceptable, StatusCodes.Status503ServiceUnavailable)
            .ProducesText(ExportFormat.Csv.MediaType, ExportFormat.CsvExample)
            .ProducesText(ExportFormat.Ndjson.MediaType, ExportFormat.NdjsonExample)
            .ProducesText(ExportFormat.Parquet.MediaType, "PAR1…")
            .WithResponseHeader(StatusCodes.Status200OK, VersionHeader, "The catalogue version of all rows: the since of /changes.")
            .WithResponseHeader(StatusCodes.Status200OK, "Content-Disposition", "A file name that contains the version.")
            .DescribeParameters<ExportParameters>()
            .DescribeParameters<FilterParameters>();

    private static async Task GetAsync(
        HttpContext context, ExportReader exports, IOptions<ApiOptions> options, TimeProvider time, ILogger<ExportReader> logger)
    {
        if (!ExportQuery.TryParse(context.Request, out var query, out var errors))
        {
            await Problems.WriteInvalidQueryAsync(context, errors);
            return;
        }

        context.Response.Headers.Vary = "Accept";
        if ((query.Format ?? ExportFormat.Choose(context.Request.Headers.Accept)) is not { } format)
        {
            await Problems.WriteAsync(context, StatusCodes.Status406NotAcceptable);
            return;
        }

        await using var rows = await exports.OpenAsync(query, ClientKey.From(context.Connection.RemoteIpAddress), context.RequestAborted);
        context.Response.ContentType = format.ContentType;
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers[VersionHeader] = rows.Stamp.ToString();
        context.Response.Headers.ContentDisposition = string.Create(
            CultureInfo.InvariantCulture, $"attachment; " +
                $"filename=\"kasparro-{query.Rows.Source ?? "assets"}-{rows.Stamp.Version}.{format.Name}\"");
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        // A client that reads a byte now and then would keep a place, a connection and a snapshot for days.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = new(options.Value.ExportMinBytesPerSecond, GracePeriod);
        }

        using var timeout = new CancellationTokenSource(options.Value.ExportTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, context.RequestAborted);
        try
        {
            await using var writer = await CreateAsync(format, query.GuardsFormulas, context.Response, either.Token);
            await rows.WriteToAsync(writer, either.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or NpgsqlException)
        {
            // What was sent already must not look whole.
            Log.BrokenOff(
                logger, format.Name, timeout.IsCancellationRequested ? $"it took longer than {options.Value.ExportTimeout}"
                    : context.RequestAborted.IsCancellationRequested ? "the client went away or read too slowly" : exception.Message);
            context.Abort();
        }
    }

    private static async Task<IExportWriter> CreateAsync(
        ExportFormat format, bool guardsFormulas, HttpResponse response, CancellationToken cancellationToken) =>
        format == ExportFormat.Csv ? new CsvExport(response.Body, guardsFormulas)
        : format == ExportFormat.Ndjson ? new NdjsonExport(response.BodyWriter)
        : await ParquetExport.BeginAsync(response.Body, cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "An export as {Format} broke off: {Reason}")]
        public static partial void BrokenOff(ILogger logger, string format, string reason);
    }
}
