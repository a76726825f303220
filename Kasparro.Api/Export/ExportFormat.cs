using Kasparro.Api.Http;

namespace Kasparro.Api.Export;

/// <summary>A format of exports.</summary>
internal sealed record ExportFormat(string Name, string MediaType, string ContentType)
{
    public const string CsvExample =
        "asset_id,symbol,name,source,is_active,price_usd,market_cap,volume_24h,rank,updated_at\r\n" +
        "5c1f6a1e-52a5-5f0e-8f0b-0c8b1b9d7a55,OMG,OMG Network,coinpaprika,true,0.62,86900000,12300000,411,2026-11-20T12:00:00Z\r\n";

    public const string NdjsonExample =
        """{"asset_id":"5c1f6a1e-52a5-5f0e-8f0b-0c8b1b9d7a55","symbol":"OMG","name":"OMG Network","source":"coinpaprika","is_active":""" +
        """true,"price_usd":0.62}""" + "\n";

    public static readonly ExportFormat Csv = new("csv", "text/csv", "text/csv; charset=utf-8; header=present");
    public static readonly ExportFormat Ndjson = new("ndjson", "application/x-ndjson", "application/x-ndjson");
    public static readonly ExportFormat Parquet = new("parquet", "application/vnd.apache.parquet", "application/vnd.apache.parquet");

    // Arrow's stream can be read without an end, unlike its file format.
    public static readonly ExportFormat Arrow =
        new("arrow", "application/vnd.apache.arrow.stream", "application/vnd.apache.arrow.stream");

    /// <summary>The formats of the catalogue, the default first.</summary>
    public static IReadOnlyList<ExportFormat> All { get; } = [Csv, Ndjson, Parquet];

    /// <summary>The formats of the history, the default first.</summary>
    public static IReadOnlyList<ExportFormat> OfHistory { get; } = [Parquet, Arrow];

    /// <summary>
    /// Chooses the format of a response: the named one, or else the one that the client prefers, or the first if it has no preference; null
    /// if the client accepts none of them.
    /// </summary>
    public static ExportFormat? Choose(HttpContext context, string? name, IReadOnlyList<ExportFormat> formats)
    {
        context.Response.Headers.Vary = "Accept";
        var mediaType = MediaTypes.Choose(context.Request.Headers.Accept, [.. formats.Select(format => format.MediaType)]);
        return formats.FirstOrDefault(format => name is null ? format.MediaType == mediaType : format.Name == name);
    }
}
