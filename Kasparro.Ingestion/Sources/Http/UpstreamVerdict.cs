namespace Kasparro.Ingestion.Sources.Http;

/// <summary>How an upstream's response is handled.</summary>
internal enum VerdictKind
{
    /// <summary>The response is what was requested.</summary>
    Accept,

    /// <summary>The upstream or the connection failed: the same call may succeed soon.</summary>
    Retry,

    /// <summary>The upstream works but wants fewer calls: the same call succeeds later.</summary>
    Wait,

    /// <summary>The same call fails until something is changed: key, address or network.</summary>
    Fail,

    /// <summary>What was requested does not exist, such as a coin.</summary>
    Refuse,

    /// <summary>The plan does not cover the call.</summary>
    NotInPlan,
}

/// <summary>The verdict on a response.</summary>
/// <param name="Kind">How the response is handled.</param>
/// <param name="Reason">The upstream's response, described for operators.</param>
/// <param name="Advice">What the operator can do, if known; a complete sentence.</param>
/// <param name="RetryAfter">How long the upstream asks to wait.</param>
internal sealed record UpstreamVerdict(VerdictKind Kind, string Reason, string? Advice = null, TimeSpan? RetryAfter = null)
{
    /// <summary>The key of the request option that holds the verdict on the request's last response.</summary>
    public static HttpRequestOptionsKey<UpstreamVerdict> Key { get; } = new("kasparro.verdict");

    public static UpstreamVerdict Accepted { get; } = new(VerdictKind.Accept, "accepted");

    public override string ToString() => Advice is null ? Reason : $"{Reason} {Advice}";
}
