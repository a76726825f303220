using System.ComponentModel.DataAnnotations;

namespace Kasparro.Ingestion.Logos;

/// <summary>The section <c>Logos</c>: whether and from where the worker fetches the logos that sources name.</summary>
internal sealed class LogoOptions
{
    public const string Section = "Logos";

    /// <summary>Whether logos are fetched and served; false also removes those that were fetched.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// The hosts that logos are requested from, with commas between them; a source's URL of another host is passed over.
    /// </summary>
    public string Hosts { get; set; } = "coin-images.coingecko.com,assets.coingecko.com";

    /// <summary>
    /// Where logos are requested in place of those hosts: their host and path are appended. The graph sets it where upstreams are simulated
    /// or recorded, which have no logos without it. Ends with a slash.
    /// </summary>
    public Uri? Origin { get; set; }

    /// <summary>
    /// Requests a minute at the most; 0 for no limit. By default all of CoinGecko's logos take two and a half hours.
    /// </summary>
    [Range(0, 10_000)]
    public int RequestsPerMinute { get; set; } = 120;

    /// <summary>The largest logo that is kept, in bytes.</summary>
    [Range(1_024, 16_777_216)]
    public int MaxBytes { get; set; } = 256 * 1024;

    /// <summary>How long a logo that could not be fetched is not requested again.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "31.00:00:00")]
    public TimeSpan RetryInterval { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Whether logos may be requested from this host.</summary>
    public bool Allows(string host) =>
        Hosts.Split(',', StringSplitOptions.TrimEntries).Contains(host, StringComparer.OrdinalIgnoreCase);
}
