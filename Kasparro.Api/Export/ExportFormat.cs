using System.Diagnostics.CodeAnalysis;
using Microsoft.Net.Http.Headers;

namespace Kasparro.Api.Export;

/// <summary>A format that the catalogue is exported in.</summary>
internal sealed record ExportFormat(string Name, string MediaType, string ContentType)
{
    public const string CsvExample =
        "asset_id,symbol,name,source,is_active,price_usd,market_cap,volume_24h,rank,updated_at\r\n" +
        "5c1f6a1e-52a5-5f0e-8f0b-0c8b1b9d7a55,OMG,OMG Network,coinpaprika,true,0.62,86900000,12300000,411,2026-11-20T12:00:00Z\r\n";

    public const string NdjsonExample =
        """{"asset_id":"5c1f6a1e-52a5-5f0e-8f0b-0c8b1b9d7a55","symbol":"OMG","name":"OMG Network","source":"coinpaprika","is_active":true,"price_usd":0.62}""" + "\n";

    public static readonly ExportFormat Csv = new("csv", "text/csv", "text/csv; charset=utf-8; header=present");
    public static readonly ExportFormat Ndjson = new("ndjson", "application/x-ndjson", "application/x-ndjson");
    public static readonly ExportFormat Parquet = new("parquet", "application/vnd.apache.parquet", "application/vnd.apache.parquet");

    /// <summary>All of them, the default first.</summary>
    public static IReadOnlyList<ExportFormat> All { get; } = [Csv, Ndjson, Parquet];

    public static string Names { get; } = string.Join(", ", All.Select(format => format.Name));

    /// <summary>The format that a client accepts most gladly; the first of <see cref="All"/> where it does not mind.</summary>
    public static bool TryAccept(IEnumerable<string?> accept, [NotNullWhen(true)] out ExportFormat? format)
    {
        format = Csv;
        if (!MediaTypeHeaderValue.TryParseList([.. accept.OfType<string>()], out var ranges) || ranges.Count == 0)
        {
            return true;
        }

        format = All
            .Select((candidate, order) => (Format: candidate, Quality: QualityOf(candidate, ranges), Order: order))
            .Where(candidate => candidate.Quality > 0)
            .OrderByDescending(candidate => candidate.Quality).ThenBy(candidate => candidate.Order)
            .Select(candidate => candidate.Format)
            .FirstOrDefault();
        return format is not null;
    }

    // The most specific range decides (RFC 9110, 12.5.1).
    private static double QualityOf(ExportFormat format, IEnumerable<MediaTypeHeaderValue> ranges) => ranges
        .Where(range => range.MatchesMediaType(format.MediaType))
        .OrderBy(range => range.MatchesAllTypes).ThenBy(range => range.MatchesAllSubTypes)
        .Select(range => range.Quality ?? 1)
        .FirstOrDefault();
}
