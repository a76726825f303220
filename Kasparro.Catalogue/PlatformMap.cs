using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kasparro.Catalogue;

/// <summary>The maintained table <c>platforms.json</c>, which maps platforms' names between vocabularies.</summary>
public static partial class PlatformMap
{
    private static readonly Lazy<PlatformTable> Table = new(Read);

    private static readonly Lazy<FrozenDictionary<string, PlatformEntry>> ByKey =
        new(() => All.ToFrozenDictionary(platform => platform.Key, StringComparer.Ordinal));

    private static readonly Lazy<FrozenDictionary<string, PlatformEntry>> ByCoinPaprika = new(() => All
        .SelectMany(platform => platform.CoinPaprika.Select(id => KeyValuePair.Create(id, platform)))
        .ToFrozenDictionary(StringComparer.Ordinal));

    private static readonly Lazy<FrozenDictionary<string, PlatformEntry>> ByCaip2 = new(() => All
        .Where(platform => platform.Caip2 is not null)
        .ToFrozenDictionary(platform => platform.Caip2!, StringComparer.Ordinal));

    private static readonly Lazy<FrozenDictionary<string, IReadOnlyList<string>>> CandidatesByKey =
        new(() => All.ToFrozenDictionary(platform => platform.Key, platform => FindCandidates(platform.Key), StringComparer.Ordinal));

    private static readonly Lazy<FrozenSet<string>> Caip2Namespaces =
        new(() => ByCaip2.Value.Keys.Select(id => id[..id.IndexOf(':',
            StringComparison.Ordinal)]).ToFrozenSet(StringComparer.OrdinalIgnoreCase));

    /// <summary>All platforms of the table.</summary>
    public static IReadOnlyList<PlatformEntry> All => Table.Value.Platforms;

    /// <summary>The origins of the table's facts: a key, and what it stands for.</summary>
    public static IReadOnlyDictionary<string, string> Sources => Table.Value.Sources;

    /// <summary>
    /// Maps a source's platform id to our key. An id that the table lacks is prefixed with its source, so that it cannot contradict
    /// another.
    /// </summary>
    public static string Canonical(string source, string platform) => source switch
    {
        SourceNames.CoinGecko => platform,
        SourceNames.CoinPaprika when ByCoinPaprika.Value.TryGetValue(platform, out var mapped) => mapped.Key,
        _ => $"{source}:{platform}",
    };

    /// <summary>Gets all names under which a platform may be stored, from any source's id for it.</summary>
    public static IReadOnlyList<string> Candidates(string platform) =>
        CandidatesByKey.Value.TryGetValue(platform, out var candidates) ? candidates : FindCandidates(platform);

    /// <summary>Finds the platform with our key or CoinPaprika's id, or null if the table lacks it.</summary>
    public static PlatformEntry? Find(string platform) =>
        ByKey.Value.GetValueOrDefault(platform) ?? ByCoinPaprika.Value.GetValueOrDefault(platform);

    /// <summary>Finds the platform with this CAIP-2 id, such as <c>eip155:1</c>, or null if the table lacks it.</summary>
    public static PlatformEntry? FindByCaip2(string caip2) => ByCaip2.Value.GetValueOrDefault(caip2);

    /// <summary>Finds the platform with this chain id (EIP-155), or null if the table lacks it.</summary>
    public static PlatformEntry? FindByChainId(long chainId) =>
        FindByCaip2(string.Create(CultureInfo.InvariantCulture, $"eip155:{chainId}"));

    /// <summary>Parses a chain id (EIP-155), alone or as CAIP-2 writes it; 0 for any other text.</summary>
    public static long ParseChainId(string text)
    {
        const string Eip155 = "eip155:";
        var digits = text.StartsWith(Eip155, StringComparison.Ordinal) ? text[Eip155.Length..] : text;
        return !digits.StartsWith('0') && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;
    }

    /// <summary>Whether a text is the namespace of a CAIP-2 id, such as <c>eip155</c>.</summary>
    public static bool IsCaip2Namespace(string text) => Caip2Namespaces.Value.Contains(text);

    private static IReadOnlyList<string> FindCandidates(string platform) =>
        [.. SourceNames.All.Select(source => Canonical(source, platform)).Distinct(StringComparer.Ordinal)];

    private static PlatformTable Read()
    {
        using var table = typeof(PlatformMap).Assembly.GetManifestResourceStream(typeof(PlatformMap), "platforms.json")
            ?? throw new InvalidOperationException("platforms.json is not embedded.");
        return JsonSerializer.Deserialize(table, PlatformsJson.Default.PlatformTable)
            ?? throw new InvalidOperationException("platforms.json is empty.");
    }

    /// <summary>The table as in the file.</summary>
    /// <param name="Sources">The origins of the facts: a key, and what it stands for.</param>
    /// <param name="Platforms">The rows.</param>
    internal sealed record PlatformTable(IReadOnlyDictionary<string, string> Sources, IReadOnlyList<PlatformEntry> Platforms);

    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false)]
    [JsonSerializable(typeof(PlatformTable))]
    private sealed partial class PlatformsJson : JsonSerializerContext;
}
