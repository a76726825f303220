using System.Diagnostics.CodeAnalysis;
using Kasparro.Api.Catalogue;
using Kasparro.Api.Http;

namespace Kasparro.Api.Export;

/// <summary>A request to <c>/export</c>.</summary>
/// <param name="Format">The name of the format; null if the Accept header decides.</param>
/// <param name="GuardsFormulas">Whether texts that a spreadsheet would take for formulas are escaped; only for CSV.</param>
/// <param name="Rows">The selection of rows, in the terms of <c>/data</c>.</param>
internal sealed record ExportQuery(string? Format, bool GuardsFormulas, DataQuery Rows)
{
    public const string FormatName = "format";

    private static readonly RequestParameter[] Own = [.. RequestParameters.From(typeof(ExportParameters))];

    /// <summary>Reads the query string, and reports all of its errors at once.</summary>
    public static bool TryParse(
        HttpRequest request, [NotNullWhen(true)] out ExportQuery? query,
        [NotNullWhen(false)] out IReadOnlyDictionary<string, string[]>? errors)
    {
        var wrong = DataQueryParser.ParseFilters(request.QueryString.Value, [.. Own.Select(parameter => parameter.Name)], out var rows);
        var given = Own.ToDictionary(parameter => parameter.Name, Read, StringComparer.Ordinal);
        errors = wrong.Any ? wrong.All : null;
        query = wrong.Any ? null : new(given[FormatName], Flag.Read(given[FormulaGuard.ParameterName]) is true, rows);
        return query is not null;

        string? Read(RequestParameter parameter)
        {
            string[] values = [.. request.Query[parameter.Name].Select(parameter.Normalize).OfType<string>()];
            if (parameter.Find(values) is { } error)
            {
                wrong.Add(parameter.Name, error);
            }

            return values.FirstOrDefault();
        }
    }
}
