using System.ComponentModel.DataAnnotations;

namespace Kasparro.ServiceDefaults.Lifecycle;

/// <summary>The section <c>Shutdown</c>: how a service that is asked to stop releases its clients.</summary>
public sealed class GracefulShutdownOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Shutdown";

    /// <summary>
    /// How long a stopping service keeps serving while <c>/health/ready</c> responds with 503, so that the load balancer notices before the
    /// port closes. At least the interval of its checks; 0 if nothing checks.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan DrainDelay { get; set; }

    /// <summary>How long requests in progress, or a page of an ingestion, may take after that.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);
}
