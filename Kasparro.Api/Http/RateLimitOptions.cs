using System.ComponentModel.DataAnnotations;

namespace Kasparro.Api.Http;

/// <summary>The limit on requests per client: section <c>Api:RateLimit</c>, checked when the process starts.</summary>
internal sealed class RateLimitOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Api:RateLimit";

    /// <summary>Whether requests are limited.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// The number of requests that a client (an operator key, an IPv4 address, an IPv6 /64) may send per window to all replicas together.
    /// The default is more than a load test from one machine sends, since behind a proxy that hides addresses all clients count as one.
    /// </summary>
    [Range(1, 1_000_000_000)]
    public int Requests { get; set; } = 1_000_000;

    /// <summary>The length of a window, in whole seconds. Windows begin at multiples of their length.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often replicas share their counts through Redis; in between, each uses its own count.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan SharingInterval { get; set; } = TimeSpan.FromMilliseconds(500);
}
