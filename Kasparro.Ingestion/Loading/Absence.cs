namespace Kasparro.Ingestion.Loading;

/// <summary>Rules for listings that are missing from a complete reading.</summary>
internal static class Absence
{
    /// <summary>
    /// How many complete readings in a row must lack a listing before it counts as delisted; one or two misses may be a glitch of the
    /// upstream.
    /// </summary>
    public const int Limit = 3;

    /// <summary>Fewer missing listings than this are always plausible.</summary>
    private const int MinJudged = 20;

    /// <summary>
    /// Whether a reading that lacks <paramref name="missing"/> of the <paramref name="known"/> listings can be trusted: one that lacks more
    /// than half is broken.
    /// </summary>
    public static bool IsPlausible(long known, long missing) => missing < MinJudged || missing * 2 <= known;
}
