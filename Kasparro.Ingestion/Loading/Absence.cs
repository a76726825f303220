namespace Kasparro.Ingestion.Loading;

/// <summary>What a whole reading tells by what it lacks.</summary>
internal static class Absence
{
    /// <summary>
    /// So many whole readings in a row have to lack a listing before it counts as delisted: one or two are an upstream's mishap.
    /// </summary>
    public const int Limit = 3;

    /// <summary>Fewer than these may go at once.</summary>
    private const int MinJudged = 20;

    /// <summary>
    /// Whether a reading that lacks so many of what is known can be believed: one that lacks more than half is broken, not news.
    /// </summary>
    public static bool IsPlausible(long known, long missing) => missing < MinJudged || missing * 2 <= known;
}
