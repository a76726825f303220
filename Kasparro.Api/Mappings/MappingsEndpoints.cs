using System.Text.Json;
using CsvHelper;
using Kasparro.Api.Docs;
using Kasparro.Api.Export;
using Kasparro.Api.Http;

namespace Kasparro.Api.Mappings;

internal static class MappingsEndpoints
{
    private static readonly ExportFormat Json = new("json", MediaTypes.Json, MediaTypes.Json);

    private static readonly ExportFormat[] Formats = [ExportFormat.Csv, ExportFormat.Ndjson, Json];

    public static void AddMappings(this WebApplicationBuilder builder) => builder.Services.AddSingleton<MappingsReader>();

    public static void MapMappings(this WebApplication app) =>
        app.MapRead("/mappings", GetAsync)
            .WithName("GetMappings")
            .WithSummary("List all assets with their ids in all vocabularies")
            .WithDescription(
                "One row an asset, inactive ones included, in the order of asset_id: its ids at each source, as CAIP-19 and as " +
                "contracts, and the ids of assets that were merged into it. Streamed in batches, each of the newest state. In CSV, " +
                "several ids of one column have | between them, and a | in an id is %7C.")
            .WithTags("Identity")
            .Produces(StatusCodes.Status200OK, new[] { AssetMapping.Example })
            .ProducesText("application/x-ndjson", JsonSerializer.Serialize(AssetMapping.Example, ApiJson.Relaxed.AssetMapping) + "\n")
            .ProducesText("text/csv", string.Join(',', AssetMapping.Columns) + "\r\n")
            .WithResponseHeader(StatusCodes.Status200OK, "Content-Disposition", "A file name.")
            .ProducesProblems(StatusCodes.Status406NotAcceptable, StatusCodes.Status503ServiceUnavailable)
            .CheckParameters();

    private static async Task GetAsync(
        HttpContext context, [AsParameters] MappingsRequest request, MappingsReader mappings, CancellationToken cancellationToken)
    {
        var response = context.Response;
        if (ExportFormat.Choose(context, request.Format, Formats) is not { } format)
        {
            await Problems.WriteAsync(context, StatusCodes.Status406NotAcceptable);
            return;
        }

        // The first batch is read before the status is sent, so that an unavailable database results in 503.
        await using var rows = mappings.ReadAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        var isAny = await rows.MoveNextAsync();
        response.ContentType = format.ContentType;
        response.Headers.ContentDisposition = $"attachment; filename=\"kasparro-mappings.{format.Name}\"";
        if (HttpMethods.IsGet(context.Request.Method))
        {
            var rest = RestAsync(rows, isAny);
            Func<string, string> guard = request.GuardsFormulas is { Value: true } ? FormulaGuard.Guard : text => text;
            await (format == ExportFormat.Csv ? WriteCsvAsync(rest, response, guard, cancellationToken)
                : format == ExportFormat.Ndjson ? WriteNdjsonAsync(rest, response, cancellationToken)
                : JsonSerializer.SerializeAsync(
                    response.BodyWriter, rest, ApiJson.Relaxed.IAsyncEnumerableAssetMapping, cancellationToken));
        }
    }

    private static async IAsyncEnumerable<AssetMapping> RestAsync(IAsyncEnumerator<AssetMapping> rows, bool isAny)
    {
        for (; isAny; isAny = await rows.MoveNextAsync())
        {
            yield return rows.Current;
        }
    }

    private static async Task WriteCsvAsync(
        IAsyncEnumerable<AssetMapping> rows, HttpResponse response, Func<string, string> guard, CancellationToken cancellationToken)
    {
        var csv = CsvWriter.Create(response.Body, new CsvWriterOptions { NewLine = "\r\n" }, leaveOpen: true);
        await csv.WriteRecordAsync([.. AssetMapping.Columns], cancellationToken);
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            csv.WriteField(row.AssetId.ToString());
            csv.WriteField(guard(row.Symbol));
            csv.WriteField(guard(row.Name));
            csv.WriteField(row.IsActive ? "true" : "false");
            IReadOnlyList<string> formerIds = [.. row.FormerIds.Select(id => id.ToString())];
            foreach (var ids in (ReadOnlySpan<IReadOnlyList<string>>)
                [row.CoinPaprika, row.CoinGecko, row.CsvSource, row.Caip19, row.Contracts, formerIds, row.ExternalIds])
            {
                csv.WriteField(guard(string.Join('|', ids.Select(id => id.Replace("|", "%7C", StringComparison.Ordinal)))));
            }

            await csv.EndRecordAsync(cancellationToken);
        }

        await csv.FlushAsync(cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }

    private static async Task WriteNdjsonAsync(
        IAsyncEnumerable<AssetMapping> rows, HttpResponse response, CancellationToken cancellationToken)
    {
        await using var lines = new NdjsonExport<AssetMapping>(response.BodyWriter, ApiJson.Relaxed.AssetMapping);
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            await lines.WriteAsync(row, cancellationToken);
        }

        await lines.CompleteAsync(cancellationToken);
    }
}
