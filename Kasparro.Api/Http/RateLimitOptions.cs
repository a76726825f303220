using System.ComponentModel.DataAnnotations;

namespace Kasparro.Api.Http;

/// <summary>How much one client may ask: section <c>Api:RateLimit</c>, checked when the process starts.</summary>
internal sealed class RateLimitOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Api:RateLimit";

    /// <summary>Whether there is a limit.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// Requests that a client (an operator key, an IPv4 address, an IPv6 /64) may send in a window, at all replicas together. By default
    /// more than a load test from one machine sends, since behind a proxy that hides addresses all clients are one.
    /// </summary>
    [Range(1, 1_000_000_000)]
    public int Requests { get; set; } = 1_000_000;

    /// <summary>The window; whole seconds. It starts again at multiples of itself.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often replicas tell each other, through Redis, what they have counted: until then each goes by its own count.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan SharingInterval { get; set; } = TimeSpan.FromMilliseconds(500);
}
