namespace Kasparro.Api.CoinPaprikaApi;

/// <summary>Names platforms in CoinPaprika's vocabulary.</summary>
internal static class PaprikaPlatforms
{
    private const string Prefix = SourceNames.CoinPaprika + ":";

    /// <summary>Finds CoinPaprika's id of a platform, or null if it has none.</summary>
    /// <param name="platform">The platform as it is stored.</param>
    public static string? Find(string platform) =>
        platform.StartsWith(Prefix, StringComparison.Ordinal) ? platform[Prefix.Length..]
        : PlatformMap.Find(platform)?.CoinPaprika is [var id, ..] ? id
        : null;

    /// <summary>Gets the kind of a platform's contracts, such as ERC20; <c>other</c> if it is not known.</summary>
    public static string GetTokenType(string platform) => PlatformMap.Find(platform)?.TokenNamespace?.ToUpperInvariant() ?? "other";
}
