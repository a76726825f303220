using System.ComponentModel.DataAnnotations;

namespace Kasparro.Ingestion.Sources.Http;

/// <summary>The settings shared by both HTTP upstreams. The defaults fit their free plans.</summary>
internal abstract class UpstreamOptions
{
    internal const string BaseUrlRule = "must begin with http:// or https:// and end with a slash, without a user or a query.";

    /// <summary>A margin before the end of a plan's reach, since the upstream's clock may differ.</summary>
    internal static readonly TimeSpan ReachMargin = TimeSpan.FromMinutes(5);

    /// <summary>The base URL of the API's routes; ends with a slash.</summary>
    [Required]
    public Uri? BaseUrl { get; set; }

    /// <summary>The API key; empty for none. Sent in a header, never in a URL.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>How long one attempt may take until the response's headers arrive.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a call may take including all retries and the waits between them.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a response's body may take to arrive.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan BodyTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The maximum size of a body, in bytes after decompression; a list of 100,000 coins has about 15 MB.</summary>
    [Range(1_024L, 1_099_511_627_776L)]
    public long MaxResponseBytes { get; set; } = 128 * 1024 * 1024;

    /// <summary>The maximum number of retries after the first attempt.</summary>
    [Range(1, 20)]
    public int MaxRetries { get; set; } = 4;

    /// <summary>
    /// The wait before the first retry; it doubles with each retry, with jitter. A <c>Retry-After</c> of the upstream takes precedence.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest wait before a retry, even if the upstream asks for more; CoinGecko asks for up to two minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>The circuit breaker's sampling window; at least twice <see cref="AttemptTimeout"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:00.5", "1.00:00:00")]
    public TimeSpan BreakerSampling { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The minimum number of calls within the window before the breaker can open.</summary>
    [Range(2, 10_000)]
    public int BreakerMinimumCalls { get; set; } = 10;

    /// <summary>The fraction of failed calls at which the breaker opens.</summary>
    [Range(0.01, 1)]
    public double BreakerFailureRatio { get; set; } = 0.9;

    /// <summary>How long an open breaker blocks calls.</summary>
    [Range(typeof(TimeSpan), "00:00:00.5", "01:00:00")]
    public TimeSpan BreakerDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often evidence for identity (contracts) is fetched; zero for never.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan EvidenceInterval { get; set; } = TimeSpan.FromDays(1);

    /// <summary>
    /// Whether a list may have lost more than half of its coins since the last complete reading, as after a change to a smaller plan;
    /// otherwise such a reading fails its run.
    /// </summary>
    public bool MayShrink { get; set; }

    /// <summary>How far back the plan provides past prices; the free plans provide a year.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")]
    public TimeSpan HistoryReach { get; set; } = TimeSpan.FromDays(365);

    /// <summary>The maximum number of calls per minute, including retries; 0 for no limit.</summary>
    [Range(0, 10_000)]
    public abstract int RequestsPerMinute { get; set; }

    /// <summary>The maximum number of live calls per calendar month (UTC), including retries; 0 for no limit.</summary>
    [Range(0, int.MaxValue)]
    public abstract int MonthlyCallBudget { get; set; }

    /// <summary>
    /// Whether routes can be appended to a URL. A user or a query in it would be lost without a word, and with it a key that was put there.
    /// </summary>
    internal static bool IsBaseUrl(Uri? url) =>
        url is null
        || (url is { IsAbsoluteUri: true, Scheme: "http" or "https", UserInfo: "", Query: "", Fragment: "" }
            && url.AbsolutePath.EndsWith('/'));

    /// <summary>The given time, or the earliest time that the plan reaches if that is later.</summary>
    internal DateTimeOffset Reach(DateTimeOffset from, DateTimeOffset now)
    {
        var earliest = now - HistoryReach + ReachMargin;
        return from > earliest ? from : earliest;
    }
}
