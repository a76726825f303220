namespace Kasparro.Api.Http;

/// <summary>
/// Keeps spreadsheets from running text in a CSV file, which anybody may have chosen, as a formula (OWASP, CSV injection).
/// </summary>
internal static class FormulaGuard
{
    /// <summary>The name of the parameter that enables it.</summary>
    public const string ParameterName = "guard_formulas";

    /// <summary>The parameter's description in the OpenAPI document.</summary>
    public const string Description =
        "Whether texts in CSV that a spreadsheet would run as a formula get an apostrophe in front. The other formats do not need it.";

    /// <summary>Returns the text, with an apostrophe in front if a spreadsheet would take it for a formula.</summary>
    // Leading blanks and full-width forms count as well: spreadsheets in some locales accept those too.
    public static string Guard(string text) =>
        text.AsSpan().TrimStart() is var trimmed
            && (trimmed is ['=' or '+' or '-' or '@' or '＝' or '＋' or '－' or '＠', ..] || text is ['\t' or '\r' or '\n', ..])
            ? $"'{text}"
            : text;
}
