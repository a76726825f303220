using Kasparro.Api.Http;
using Microsoft.Extensions.Primitives;

namespace Kasparro.Api.Export;

/// <summary>A format that the catalogue is exported in.</summary>
internal sealed record ExportFormat(string Name, string MediaType, string ContentType)
{
    public static readonly ExportFormat Csv = new("csv", "text/csv", "text/csv; charset=utf-8; header=present");
    public static readonly ExportFormat Ndjson = new("ndjson", "application/x-ndjson", "application/x-ndjson");
    public static readonly ExportFormat Parquet = new("parquet", "application/vnd.apache.parquet", "application/vnd.apache.parquet");

    /// <summary>All of them, the default first.</summary>
    public static IReadOnlyList<ExportFormat> All { get; } = [Csv, Ndjson, Parquet];

    private static IReadOnlyList<string> MediaTypesOfAll { get; } = [.. All.Select(format => format.MediaType)];

    public static string Names { get; } = string.Join(", ", All.Select(format => format.Name));

    /// <summary>
    /// The format that a client prefers; the first of <see cref="All"/> where it has no preference, null where it accepts none.
    /// </summary>
    public static ExportFormat? Choose(StringValues accept) =>
        MediaTypes.Choose(accept, MediaTypesOfAll) is { } mediaType ? All.First(format => format.MediaType == mediaType) : null;
}
