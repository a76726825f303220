using System.Text.Json;
using Kasparro.Data;

namespace Kasparro.Ingestion.Identity;

/// <summary>The maintained table <c>platforms.json</c>: what CoinPaprika calls the platforms, and what CoinGecko does.</summary>
internal static class PlatformMap
{
    private static readonly Lazy<Dictionary<string, string>> CoinPaprika = new(Read);

    /// <summary>A source's platform id as CoinGecko's; one that the table lacks keeps to its source, so that it can prove nothing wrong.</summary>
    public static string Canonical(string source, string platform) => source switch
    {
        SourceNames.CoinGecko => platform,
        SourceNames.CoinPaprika when CoinPaprika.Value.TryGetValue(platform, out var mapped) => mapped,
        _ => $"{source}:{platform}",
    };

    private static Dictionary<string, string> Read()
    {
        using var table = typeof(PlatformMap).Assembly.GetManifestResourceStream(typeof(PlatformMap), "platforms.json")
            ?? throw new InvalidOperationException("platforms.json is not embedded.");
        return JsonSerializer.Deserialize(table, IdentityJson.Default.DictionaryStringString)
            ?? throw new InvalidOperationException("platforms.json is empty.");
    }
}
