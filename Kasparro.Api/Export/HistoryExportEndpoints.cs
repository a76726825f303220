using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Kasparro.Api.Docs;
using Kasparro.Api.Http;
using Microsoft.AspNetCore.Mvc;

namespace Kasparro.Api.Export;

/// <summary>A request for an export of the history.</summary>
internal sealed record HistoryExportRequest(
    [property: FromQuery(Name = "interval"), Description("The length of a candle. Days are kept permanently, hours for a time."),
        DefaultValue("1d")]
    [property: AllowedValues("1h", "1d")]
    string? Interval = null,
    [property: FromQuery(Name = "month"), Description("The only month, UTC, such as 2026-11. By default everything.")]
    UtcMonth? Month = null,
    [property: FromQuery(Name = "source"), Description("The only source. By default all.")]
    [property: AllowedValues(SourceNames.CoinPaprika, SourceNames.CoinGecko, SourceNames.Csv)]
    string? Source = null,
    [property: FromQuery(Name = "format"), Description("The format. By default the one that Accept prefers, otherwise parquet.")]
    [property: AllowedValues("parquet", "arrow")]
    string? Format = null);

/// <summary><c>GET /export/history</c>: the candles of all listings as one file.</summary>
internal static class HistoryExportEndpoints
{
    public static void MapHistoryExport(this WebApplication app) =>
        app.MapRead("/export/history", GetAsync)
            .WithName("GetHistoryExport")
            .WithSummary("Export the price history")
            .WithDescription(
                "The candles of all listings, a row each, in US dollars: asset_id, source, external_id, time, open, high, low, close, " +
                "volume_24h, market_cap and quotes. As Parquet or as a stream of Arrow's IPC format, streamed, whole or a month of it. " +
                "The rows of a month (of a day, for hours) come in the order of the assets. Today's candle is of the day so far. " +
                "docs/analysis.md queries it. A client that reads too slowly is disconnected.")
            .WithTags("Catalogue")
            .ProducesProblems(StatusCodes.Status406NotAcceptable, StatusCodes.Status503ServiceUnavailable)
            .ProducesText(ExportFormat.Parquet.MediaType, "PAR1…")
            .ProducesText(ExportFormat.Arrow.MediaType, "(a stream of record batches)")
            .WithResponseHeader(StatusCodes.Status200OK, ExportSender.VersionHeader, "The catalogue version of all rows.")
            .WithResponseHeader(StatusCodes.Status200OK, "Content-Disposition", "A file name that contains interval, month and version.")
            .CheckParameters();

    private static async Task GetAsync(HttpContext context, [AsParameters] HistoryExportRequest request, ExportSender sender)
    {
        if (ExportFormat.Choose(context, request.Format, ExportFormat.OfHistory) is not { } format)
        {
            await Problems.WriteAsync(context, StatusCodes.Status406NotAcceptable);
            return;
        }

        var interval = request.Interval ?? "1d";
        var name = string.Create(CultureInfo.InvariantCulture, $"history-{interval}{request.Month?.Value:'-'yyyy-MM}");
        await sender.SendAsync(
            context, format, request.Source is null ? name : $"{name}-{request.Source}",
            () => HistoryExportSql.For(interval == "1h", request.Month?.Value, request.Source), HistoryExportRow.Read,
            async (response, cancellationToken) => format == ExportFormat.Arrow
                ? new ArrowExport(response.Body)
                : await ParquetExport<HistoryExportRow>.BeginAsync(response.Body, HistoryExportRow.ParquetColumns, cancellationToken));
    }
}
