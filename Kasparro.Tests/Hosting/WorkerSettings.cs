namespace Kasparro.Tests.Hosting;

/// <summary>Settings of a worker that reads a test's upstreams, without rate limits, evidence and automatic backfills.</summary>
internal static class WorkerSettings
{
    public static Dictionary<string, string?> Create(
        string catalogue, string cache, string upstreamUrl, params IEnumerable<(string Key, string? Value)> overrides)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:kasparro"] = catalogue,
            ["ConnectionStrings:cache"] = cache,
            ["Upstreams:Kind"] = "simulated",
            ["Backfill:TopAssets"] = "0",
            ["Sources:CoinPaprika:BaseUrl"] = upstreamUrl,
            ["Sources:CoinPaprika:RequestsPerMinute"] = "0",
            ["Sources:CoinPaprika:EvidenceInterval"] = "00:00:00",
            ["Sources:CoinGecko:BaseUrl"] = upstreamUrl,
            ["Sources:CoinGecko:RequestsPerMinute"] = "0",
            ["Sources:CoinGecko:EvidenceInterval"] = "00:00:00",
        };
        foreach (var (key, value) in overrides)
        {
            settings[key] = value;
        }

        return settings;
    }
}
