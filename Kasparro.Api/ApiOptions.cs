using System.ComponentModel.DataAnnotations;

namespace Kasparro.Api;

/// <summary>The settings of the API: section <c>Api</c>, checked when the process starts.</summary>
internal sealed class ApiOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Api";

    /// <summary>How often the catalogue's version is read from Postgres, in case Redis does not announce it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan VersionCheckInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The bound on staleness: a rendered page is served only if Postgres has confirmed within this time that its version is the newest.
    /// Usually a page is younger than <see cref="VersionCheckInterval"/>; the bound is reached only while Postgres does not respond.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan MaxStaleness { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a response may wait for Postgres, including connecting, before it becomes 503.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan DatabaseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a request waits for a page from Redis before the page is rendered instead.</summary>
    [Range(typeof(TimeSpan), "00:00:00.005", "00:00:10")]
    public TimeSpan CacheTimeout { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long replicas wait for one of them to render a page that all of them need.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:10")]
    public TimeSpan RenderClaim { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long Redis is not used after a failure.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan CacheRetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long Redis keeps a rendered page.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan CachedPageLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The maximum number of bytes of rendered pages that this process puts into Redis per <see cref="CachedPageLifetime"/>; 0 for none.
    /// </summary>
    [Range(0, long.MaxValue)]
    public long CachedPageBytes { get; set; } = 128L << 20;

    /// <summary>The maximum number of bytes of rendered pages kept in process.</summary>
    [Range(1L << 20, long.MaxValue)]
    public long PageBytes { get; set; } = 64L << 20;

    /// <summary>
    /// How many pages are rendered at once; further ones wait, so that a cold cache does not take every connection to Postgres.
    /// </summary>
    [Range(1, 100)]
    public int ConcurrentRenders { get; set; } = 16;

    /// <summary>
    /// How many exports run at once; further ones wait for <see cref="DatabaseTimeout"/> and are then told to retry later.
    /// </summary>
    [Range(1, 50)]
    public int ConcurrentExports { get; set; } = 4;

    /// <summary>
    /// How many exports one client (by address) runs at once; further ones wait in the same way. By default fewer than
    /// <see cref="ConcurrentExports"/>, so that no client occupies every slot.
    /// </summary>
    [Range(1, 50)]
    public int ConcurrentExportsPerClient { get; set; } = 3;

    /// <summary>
    /// How long one export may take: while it runs, Postgres retains its snapshot and cannot vacuum rows that have changed since.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan ExportTimeout { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// The minimum rate, in bytes per second, at which a client must read an export after a grace period of ten seconds; a slower client is
    /// disconnected.
    /// </summary>
    [Range(1, 1_000_000_000)]
    public int ExportMinBytesPerSecond { get; set; } = 16 * 1024;

    /// <summary>How long a client of <c>/events</c> goes without an event before it is sent a heartbeat.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:05:00")]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How many events are queued for a slow client of <c>/events</c>; beyond that its connection is closed, and it resumes with
    /// Last-Event-ID.
    /// </summary>
    [Range(16, 10_000)]
    public int EventQueue { get; set; } = 256;

    /// <summary>
    /// The origins whose scripts may read the API (CORS), separated by commas, such as <c>https://example.org</c>; <c>*</c> for all. Empty:
    /// none.
    /// </summary>
    public string CorsOrigins { get; set; } = "";

    /// <summary>
    /// Keys, separated by commas, one of which clients of CoinGecko's and CoinPaprika's routes must send in the way they send the vendor's:
    /// <c>x-cg-demo-api-key</c>, <c>x-cg-pro-api-key</c> or <c>Authorization</c>. Empty: no key is required.
    /// </summary>
    public string VendorKeys { get; set; } = "";

    /// <summary>
    /// The proxies whose X-Forwarded-For and X-Forwarded-Proto are trusted: addresses and networks such as <c>10.0.0.0/8</c>, separated by
    /// commas. The rate limit and the audit log then name the client instead of the proxy. Empty: none.
    /// </summary>
    public string KnownProxies { get; set; } = "";

    /// <summary>The timeout of each check of <c>/health</c>.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan HealthTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The age of the last completed run beyond which <c>/health</c> reports the ingestion as degraded.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan EtlMaxAge { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>The value of <c>Retry-After</c> with 503, in whole seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(5);
}

internal static class ApiOptionsExtensions
{
    public static void AddApiOptions(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<ApiOptions>(ApiOptions.Section)
            .Validate(
                options => options.MaxStaleness >= options.VersionCheckInterval,
                $"{ApiOptions.Section}:MaxStaleness must not be shorter than {ApiOptions.Section}:VersionCheckInterval.")
            .Validate(
                options => options.RetryAfter.Ticks % TimeSpan.TicksPerSecond == 0,
                $"{ApiOptions.Section}:RetryAfter must be whole seconds.")
            .Validate(
                options => Http.KnownProxies.IsValid(options.KnownProxies),
                $"{ApiOptions.Section}:KnownProxies must be addresses or networks such as 10.0.0.0/8, with commas between them.")
            .Validate(
                options => Http.CorsPolicyExtensions.IsValid(options.CorsOrigins),
                $"{ApiOptions.Section}:CorsOrigins must be * or origins such as https://example.org, with commas between them.");
    }
}
