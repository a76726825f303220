using System.Diagnostics.CodeAnalysis;
using Kasparro.Data;

namespace Kasparro.Api.Export;

/// <summary>A question to <c>/export</c>.</summary>
/// <param name="Format">The format; null where Accept decides.</param>
/// <param name="Source">One of <see cref="SourceNames.All"/>; null for the unified assets.</param>
/// <param name="Symbol">The symbol in invariant upper case; empty for all.</param>
internal sealed record ExportQuery(ExportFormat? Format, string? Source, string Symbol)
{
    public const string FormatName = "format";
    public const string SourceName = "source";
    public const string SymbolName = "symbol";
    public const int MaxSymbolLength = 200;

    private static readonly string Sources = string.Join(", ", SourceNames.All);

    /// <summary>Reads the query string, and says everything that is wrong with it at once.</summary>
    public static bool TryParse(
        IQueryCollection given, [NotNullWhen(true)] out ExportQuery? query, [NotNullWhen(false)] out IReadOnlyDictionary<string, string[]>? errors)
    {
        var wrong = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var read = new ExportQuery(Format: null, Source: null, Symbol: "");
        foreach (var (name, values) in given)
        {
            var value = values.ToString();
            var error = (name, values.Count) switch
            {
                (FormatName or SourceName or SymbolName, > 1) => "must be given once",
                (FormatName, _) => ExportFormat.All.Any(format => format.Name == value) ? null : $"must be one of {ExportFormat.Names}",
                (SourceName, _) => value.Length == 0 || SourceNames.All.Contains(value, StringComparer.Ordinal) ? null : $"must be one of {Sources}",
                (SymbolName, _) => value.Length <= MaxSymbolLength && !value.Contains('\0') ? null : $"must be at most {MaxSymbolLength} characters, none of them NUL",
                _ => $"is not a parameter of this resource; those are {FormatName}, {SourceName}, {SymbolName}",
            };
            if (error is not null)
            {
                wrong.Add(name, [error]);
                continue;
            }

            read = name switch
            {
                FormatName => read with { Format = ExportFormat.All.First(format => format.Name == value) },
                SourceName => read with { Source = value.Length == 0 ? null : value },
                _ => read with { Symbol = value.ToUpperInvariant() },
            };
        }

        (query, errors) = wrong.Count == 0 ? (read, null) : (default(ExportQuery), wrong);
        return query is not null;
    }
}
