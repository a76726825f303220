using System.Diagnostics.CodeAnalysis;
using Kasparro.Api.Catalogue;
using Kasparro.Api.Http;

namespace Kasparro.Api.Export;

/// <summary>A request to <c>/export</c>.</summary>
/// <param name="Format">The format; null where Accept decides.</param>
/// <param name="GuardsFormulas">Whether texts that a spreadsheet would take for formulas are made texts; for CSV.</param>
/// <param name="Rows">Which rows, in the terms of <c>/data</c>.</param>
internal sealed record ExportQuery(ExportFormat? Format, bool GuardsFormulas, DataQuery Rows)
{
    public const string FormatName = "format";
    public const string GuardName = "guard_formulas";

    /// <summary>Reads the query string, and says everything that is wrong with it at once.</summary>
    public static bool TryParse(
        HttpRequest request, [NotNullWhen(true)] out ExportQuery? query, [NotNullWhen(false)] out IReadOnlyDictionary<string,
            string[]>? errors)
    {
        var wrong = DataQueryParser.ParseFilters(request.QueryString.Value, [FormatName, GuardName], out var rows);
        foreach (var name in (ReadOnlySpan<string>)[FormatName, GuardName])
        {
            if (request.Query[name].Count > 1)
            {
                wrong.Add(name, "must be given once");
            }
        }

        _ = Choice<ExportFormats>.TryParse(request.Query[FormatName].FirstOrDefault(), null, out var format);
        _ = Flag.TryParse(request.Query[GuardName].FirstOrDefault(), null, out var guard);
        Add(FormatName, format.Error);
        Add(GuardName, guard.Error);
        errors = wrong.Any ? wrong.All : null;
        query = wrong.Any ? null : new(ExportFormat.All.FirstOrDefault(known => known.Name == format.Value), guard.Value ?? false, rows);
        return query is not null;

        void Add(string name, string? error)
        {
            if (error is not null)
            {
                wrong.Add(name, error);
            }
        }
    }
}

/// <summary>The names of the formats.</summary>
internal sealed class ExportFormats : IChoices
{
    /// <inheritdoc />
    public static IReadOnlyList<string> All { get; } = [.. ExportFormat.All.Select(format => format.Name)];
}
