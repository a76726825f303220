namespace Kasparro.Api.CoinPaprikaApi;

/// <summary>Platforms in CoinPaprika's vocabulary.</summary>
internal static class PaprikaPlatforms
{
    private const string Prefix = SourceNames.CoinPaprika + ":";

    /// <summary>CoinPaprika's id of a platform; null where it has none.</summary>
    /// <param name="platform">The platform as it is stored.</param>
    public static string? Find(string platform) =>
        platform.StartsWith(Prefix, StringComparison.Ordinal) ? platform[Prefix.Length..]
        : PlatformMap.Find(platform)?.CoinPaprika is [var id, ..] ? id
        : null;

    /// <summary>The kind of a platform's contracts, such as ERC20; the platform's kind of token is not always known.</summary>
    public static string GetTokenType(string platform) => PlatformMap.Find(platform)?.TokenNamespace?.ToUpperInvariant() ?? "other";
}
