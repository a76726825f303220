namespace Kasparro.AppHost;

/// <summary>The upstreams from which the graph ingests: the live hosts, or simulated ones on loopback.</summary>
/// <param name="Kind"><c>live</c>, <c>simulated</c> or <c>recorded</c>; shown by runs and <c>/stats</c>.</param>
/// <param name="DatabaseName">The database's name, or null for the default; simulated and live data never share a database.</param>
/// <param name="SimulatorArguments">The simulator's arguments, or null if the upstreams are live.</param>
internal sealed record UpstreamSelection(string Kind, string? DatabaseName, string[]? SimulatorArguments)
{
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(5);
    private static readonly Uri ProbeUrl = new("https://api.coinpaprika.com/v1/global");

    private static readonly UpstreamSelection Live = new("live", null, null);
    private static readonly UpstreamSelection Simulated = new("simulated", "kasparro_simulated", ["--assets", "2000"]);

    /// <summary>
    /// Reads the setting <c>Upstreams</c> (<c>auto</c>, <c>live</c>, <c>simulated</c>, <c>recorded:DIR</c>; default <c>auto</c>). A
    /// manifest always uses the live upstreams. <c>auto</c> probes the live host once and falls back to simulated ones, with a warning.
    /// </summary>
    /// <exception cref="DistributedApplicationException">The setting is invalid, or the folder does not exist.</exception>
    public static async Task<UpstreamSelection> ResolveAsync(IDistributedApplicationBuilder builder)
    {
        if (!builder.ExecutionContext.IsRunMode)
        {
            return Live;
        }

        var setting = builder.Configuration["Upstreams"] is { Length: > 0 } value ? value : "auto";
        switch (setting)
        {
            case "live":
                return Live;
            case "simulated":
                return Simulated;
            case "auto":
                return await IsLiveReachableAsync() ? Live : Simulated;
            case var _ when setting.StartsWith("recorded:", StringComparison.Ordinal):
                var folder = Path.GetFullPath(setting["recorded:".Length..]);
                return Directory.Exists(folder)
                    ? new("recorded", "kasparro_recorded", ["--recorded", folder])
                    : throw new DistributedApplicationException($"Upstreams={setting}: the folder {folder} does not exist.");
            default:
                throw new DistributedApplicationException($"Upstreams={setting}: expected auto, live, simulated or recorded:DIR.");
        }
    }

    private static async Task<bool> IsLiveReachableAsync()
    {
        using var client = new HttpClient { Timeout = ProbeTimeout };
        try
        {
            using var response = await client.GetAsync(ProbeUrl, HttpCompletionOption.ResponseHeadersRead);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            Console.Error.WriteLine($"WARNING: {ProbeUrl.Host} is out of reach ({e.Message}): the graph runs on SIMULATED upstreams.");
            return false;
        }
    }
}
