using System.ComponentModel.DataAnnotations;

namespace Kasparro.Ingestion.Logos;

/// <summary>The section <c>Logos</c>: whether and from where the worker fetches the logos that sources link to.</summary>
internal sealed class LogoOptions
{
    public const string Section = "Logos";

    /// <summary>Whether logos are fetched and served; false also removes those that were fetched.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The hosts from which logos are requested, separated by commas; URLs of other hosts are not requested.</summary>
    public string Hosts { get; set; } = "coin-images.coingecko.com,assets.coingecko.com";

    /// <summary>
    /// The URL that replaces those hosts: a logo's host and path are appended to it. The AppHost sets it if upstreams are simulated or
    /// recorded, since these have no logos otherwise. Ends with a slash.
    /// </summary>
    public Uri? Origin { get; set; }

    /// <summary>
    /// The maximum number of requests per minute; 0 for no limit. By default, all of CoinGecko's logos take two and a half hours.
    /// </summary>
    [Range(0, 10_000)]
    public int RequestsPerMinute { get; set; } = 120;

    /// <summary>The maximum size of a logo in bytes.</summary>
    [Range(1_024, 16_777_216)]
    public int MaxBytes { get; set; } = 256 * 1024;

    /// <summary>How long after a failure a logo is requested again.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "31.00:00:00")]
    public TimeSpan RetryInterval { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Whether logos may be requested from the given host.</summary>
    public bool Allows(string host) =>
        Hosts.Split(',', StringSplitOptions.TrimEntries).Contains(host, StringComparer.OrdinalIgnoreCase);
}
