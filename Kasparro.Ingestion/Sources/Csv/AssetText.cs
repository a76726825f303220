using System.Text.RegularExpressions;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>Cleans the ids, symbols and names of assets, and detects those that a spreadsheet has spoiled.</summary>
internal static partial class AssetText
{
    /// <summary>
    /// Whether an id or symbol is a number or date that a spreadsheet has made of it: <c>1.23457E+17</c>, which many ids become, and
    /// <c>1-Sep</c> for SEP1.
    /// </summary>
    public static bool IsSpoiled(string text) => (text is [>= '0' and <= '9', ..] && text.Contains("E+", StringComparison.Ordinal)
        && !text.AsSpan().ContainsAnyExcept("0123456789.,E+")) || (text.Contains('-') && SpoiledDate().IsMatch(text));

    /// <summary>A name without its own symbol in brackets or on a line of its own: <c>Bitcoin (BTC)</c>.</summary>
    public static string? WithoutSymbol(string? name, string? symbol)
    {
        var end = name.AsSpan().TrimEnd(")]");
        if (string.IsNullOrEmpty(symbol) || !end.EndsWith(symbol, StringComparison.OrdinalIgnoreCase)
            || end[..^symbol.Length].TrimEnd(' ') is not [.. var rest, '(' or '[' or '\n' or '\r'])
        {
            return name;
        }

        return rest.Trim() is { IsEmpty: false } bare ? bare.ToString() : name;
    }

    /// <summary>The text of a link or of marked-up text, as formulas, Markdown, Notion and web pages have it.</summary>
    public static string WithoutMarkup(string text)
    {
        if (!text.AsSpan().ContainsAny("<[*:"))
        {
            return text;
        }

        var plain = Tag().Replace(Link().Match(text) is { Success: true } link ? link.Groups["text"].Value : text, "").Trim();
        return plain.Length > 0 ? plain : text;
    }

    [GeneratedRegex(
        @"^(?:\d{1,2}-(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-\d\d"
            + @"|\d{4}-[01]\d-[0-3]\d(?: 00:00:00)?)$",
        RegexOptions.None,
        1000)]
    private static partial Regex SpoiledDate();

    [GeneratedRegex(
        @"^(?:=HYPERLINK\(""[^""]*""\s*[,;]\s*""(?<text>[^""]+)""\)|\[(?<text>[^\]]+)\]\(\S+\)|(?<text>[^(]+) \(https?://\S+\)"
            + @"|\*\*(?<text>[^*]+)\*\*)$",
        RegexOptions.IgnoreCase,
        1000)]
    private static partial Regex Link();

    /// <summary>Tags, and footnotes as a whole.</summary>
    [GeneratedRegex("<sup>[^<]*</sup>|</?[a-zA-Z][^<>]*>", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Tag();
}
