using System.Diagnostics.CodeAnalysis;
using Kasparro.Api.Catalogue;
using Kasparro.Api.Http;

namespace Kasparro.Api.Export;

/// <summary>A request to <c>/export</c>.</summary>
/// <param name="Format">The format; null if the Accept header decides.</param>
/// <param name="GuardsFormulas">Whether texts that a spreadsheet would take for formulas are escaped; only for CSV.</param>
/// <param name="Rows">The selection of rows, in the terms of <c>/data</c>.</param>
internal sealed record ExportQuery(ExportFormat? Format, bool GuardsFormulas, DataQuery Rows)
{
    public const string FormatName = "format";

    /// <summary>Reads the query string, and reports all of its errors at once.</summary>
    public static bool TryParse(
        HttpRequest request, [NotNullWhen(true)] out ExportQuery? query, [NotNullWhen(false)] out IReadOnlyDictionary<string,
            string[]>? errors)
    {
        var wrong = DataQueryParser.ParseFilters(request.QueryString.Value, [FormatName, FormulaGuard.ParameterName], out var rows);
        var name = Find(FormatName)?.Trim();
        var format = ExportFormat.All.FirstOrDefault(known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        var guard = Find(FormulaGuard.ParameterName);
        Add(FormatName, name is not null && format is null ? $"must be one of {ExportFormat.Names}" : null);
        Add(FormulaGuard.ParameterName, guard is not null && Flag.Read(guard) is null ? Flag.Expected : null);
        errors = wrong.Any ? wrong.All : null;
        query = wrong.Any ? null : new(format, Flag.Read(guard) is true, rows);
        return query is not null;

        string? Find(string name)
        {
            string?[] given = [.. request.Query[name].Where(value => !string.IsNullOrWhiteSpace(value))];
            Add(name, given.Length > 1 ? "must be given once" : null);
            return given.FirstOrDefault();
        }

        void Add(string name, string? error)
        {
            if (error is not null)
            {
                wrong.Add(name, error);
            }
        }
    }
}
