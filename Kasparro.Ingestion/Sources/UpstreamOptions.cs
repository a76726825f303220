using System.ComponentModel.DataAnnotations;

namespace Kasparro.Ingestion.Sources;

/// <summary>What both HTTP upstreams are configured with. The defaults fit their free plans.</summary>
internal abstract class UpstreamOptions
{
    /// <summary>Where the API's routes begin; ends with a slash.</summary>
    [Required]
    public Uri? BaseUrl { get; set; }

    /// <summary>The API key; empty for none. Sent in a header, never in a URL.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>How long one attempt may take until the answer's headers are there.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one call may take with all its retries and the waits between them.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long an answer's body may take to arrive.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan BodyTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Retries after the first attempt.</summary>
    [Range(1, 20)]
    public int MaxRetries { get; set; } = 4;

    /// <summary>The wait before the first retry; it doubles with each, with jitter. A <c>Retry-After</c> of the upstream comes first.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often evidence for identity (contracts) is fetched; zero for never.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan EvidenceInterval { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Calls a minute at the most, retries included; 0 for no limit.</summary>
    [Range(0, 10_000)]
    public abstract int RequestsPerMinute { get; set; }
}
