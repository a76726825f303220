namespace Kasparro.Api.Http;

/// <summary>Splits comma-separated settings and parameters.</summary>
internal static class CommaList
{
    /// <summary>Returns the parts that are not blank, trimmed.</summary>
    public static string[] Split(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
