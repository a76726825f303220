using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kasparro.Catalogue;

/// <summary>The maintained table <c>platforms.json</c>: what CoinPaprika calls the platforms, and what CoinGecko does.</summary>
public static partial class PlatformMap
{
    private static readonly Lazy<Dictionary<string, string>> CoinPaprika = new(Read);

    /// <summary>A source's platform id as CoinGecko's; one that the table lacks keeps to its source, so that it can prove nothing wrong.</summary>
    public static string Canonical(string source, string platform) => source switch
    {
        SourceNames.CoinGecko => platform,
        SourceNames.CoinPaprika when CoinPaprika.Value.TryGetValue(platform, out var mapped) => mapped,
        _ => $"{source}:{platform}",
    };

    /// <summary>Everything that a platform may be stored as, whichever source's id for it this is.</summary>
    public static IReadOnlyList<string> Candidates(string platform) =>
        [.. SourceNames.All.Select(source => Canonical(source, platform)).Distinct(StringComparer.Ordinal)];

    private static Dictionary<string, string> Read()
    {
        using var table = typeof(PlatformMap).Assembly.GetManifestResourceStream(typeof(PlatformMap), "platforms.json")
            ?? throw new InvalidOperationException("platforms.json is not embedded.");
        return JsonSerializer.Deserialize(table, PlatformsJson.Default.DictionaryStringString)
            ?? throw new InvalidOperationException("platforms.json is empty.");
    }

    [JsonSerializable(typeof(Dictionary<string, string>))]
    private sealed partial class PlatformsJson : JsonSerializerContext;
}
