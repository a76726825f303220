using System.Diagnostics.CodeAnalysis;
using Kasparro.Api.Catalogue;

namespace Kasparro.Api.Export;

/// <summary>A question to <c>/export</c>.</summary>
/// <param name="Format">The format; null where Accept decides.</param>
/// <param name="Rows">Which rows, in the terms of <c>/data</c>.</param>
internal sealed record ExportQuery(ExportFormat? Format, DataQuery Rows)
{
    public const string FormatName = "format";

    /// <summary>Reads the query string, and says everything that is wrong with it at once.</summary>
    public static bool TryParse(
        HttpRequest request, [NotNullWhen(true)] out ExportQuery? query, [NotNullWhen(false)] out IReadOnlyDictionary<string, string[]>? errors)
    {
        var wrong = DataQueryParser.ParseFilters(request.QueryString.Value, FormatName, out var rows);
        var given = request.Query[FormatName];
        var format = ExportFormat.All.FirstOrDefault(known => known.Name == given);
        if (given.Count > 1)
        {
            wrong.Add(FormatName, "must be given once");
        }
        else if (given.Count == 1 && format is null)
        {
            wrong.Add(FormatName, $"must be one of {ExportFormat.Names}");
        }

        errors = wrong.All;
        query = errors is null ? new(format, rows) : null;
        return query is not null;
    }
}
