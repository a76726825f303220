namespace Kasparro.Ingestion.Sources.Http;

/// <summary>What is to be done about an upstream's response.</summary>
internal enum VerdictKind
{
    /// <summary>It is what was asked for.</summary>
    Accept,

    /// <summary>Trouble at the upstream or on the way: the same call may do better soon.</summary>
    Retry,

    /// <summary>The upstream is well but wants fewer calls: the same call does better later.</summary>
    Wait,

    /// <summary>The same call will do no better until somebody changes something: key, address, network.</summary>
    Fail,

    /// <summary>There is nothing of what was asked for, such as a coin.</summary>
    Refuse,

    /// <summary>The plan does not cover the call.</summary>
    NotInPlan,
}

/// <summary>The verdict on one response.</summary>
/// <param name="Kind">What is to be done.</param>
/// <param name="Reason">What the upstream answered, for operators.</param>
/// <param name="Advice">What the operator can do, where it is known; a whole sentence.</param>
/// <param name="RetryAfter">How long the upstream itself asks to wait.</param>
internal sealed record UpstreamVerdict(VerdictKind Kind, string Reason, string? Advice = null, TimeSpan? RetryAfter = null)
{
    /// <summary>Under this key a request carries the verdict on its last response.</summary>
    public static HttpRequestOptionsKey<UpstreamVerdict> Key { get; } = new("kasparro.verdict");

    public static UpstreamVerdict Accepted { get; } = new(VerdictKind.Accept, "accepted");

    public override string ToString() => Advice is null ? Reason : $"{Reason} {Advice}";
}
