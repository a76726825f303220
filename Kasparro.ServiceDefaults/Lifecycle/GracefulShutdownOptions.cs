using System.ComponentModel.DataAnnotations;

namespace Kasparro.ServiceDefaults.Lifecycle;

/// <summary>Section <c>Shutdown</c>: how a service that is asked to stop gives up its clients.</summary>
public sealed class GracefulShutdownOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Shutdown";

    /// <summary>
    /// How long a service that was told to stop keeps serving while <c>/health/ready</c> responds with 503, so that the load balancer
    /// finds out before the port closes. At least as long as that takes to ask again; 0 where nobody asks.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan DrainDelay { get; set; }

    /// <summary>How long requests that have begun, or a page of ingestion, may take after that.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);
}
