namespace Kasparro.Api.Http;

/// <summary>Settings and parameters with commas between their parts.</summary>
internal static class CommaList
{
    /// <summary>The parts that are not blank, without white space around them.</summary>
    public static string[] Split(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
