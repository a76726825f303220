namespace Kasparro.Api.Http;

/// <summary>Keeps spreadsheets from running texts of a CSV file, which anybody may have chosen (OWASP, CSV injection).</summary>
internal static class FormulaGuard
{
    /// <summary>The parameter that asks for it.</summary>
    public const string ParameterName = "guard_formulas";

    /// <summary>What the parameter does, for the API's description.</summary>
    public const string Description =
        "Whether texts in CSV that a spreadsheet would run as a formula get an apostrophe in front. The other formats do not need it.";

    /// <summary>The text, with an apostrophe in front where a spreadsheet would take it for a formula.</summary>
    // Also behind blanks, and in their full-width forms: spreadsheets of some countries take those too.
    public static string Guard(string text) =>
        text.AsSpan().TrimStart() is var trimmed
            && (trimmed is ['=' or '+' or '-' or '@' or '＝' or '＋' or '－' or '＠', ..] || text is ['\t' or '\r' or '\n', ..])
            ? $"'{text}"
            : text;
}
