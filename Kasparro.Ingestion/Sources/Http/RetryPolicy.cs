using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Kasparro.Ingestion.Sources.Http;

/// <summary>Which attempts are retried, and when: after the wait that the upstream asks for, otherwise with exponential backoff.</summary>
internal static class RetryPolicy
{
    /// <summary>How many times longer waits for a rate limit are than for a glitch, if the upstream does not request a wait.</summary>
    private const int WaitFactor = 4;

    public static void Apply(HttpRetryStrategyOptions retry, UpstreamOptions options)
    {
        retry.MaxRetryAttempts = options.MaxRetries;
        retry.Delay = options.RetryDelay;
        retry.BackoffType = DelayBackoffType.Exponential;
        retry.UseJitter = true;
        retry.MaxDelay = options.MaxRetryAfter;
        retry.ShouldRetryAfterHeader = false; // It would be followed without a cap; DelayFor has one.
        retry.ShouldHandle = arguments => ValueTask.FromResult(MayDoBetter(arguments.Outcome));
        retry.DelayGenerator = arguments => ValueTask.FromResult(DelayFor(arguments, options));
    }

    public static void Apply(HttpCircuitBreakerStrategyOptions breaker, UpstreamOptions options)
    {
        breaker.SamplingDuration = options.AttemptTimeout * 2 > options.BreakerSampling
            ? options.AttemptTimeout * 2
            : options.BreakerSampling;
        breaker.MinimumThroughput = options.BreakerMinimumCalls;
        breaker.FailureRatio = options.BreakerFailureRatio;
        breaker.BreakDuration = options.BreakerDuration;
        breaker.ShouldHandle = arguments => ValueTask.FromResult(IsTrouble(arguments.Outcome));
    }

    public static bool MayDoBetter(Outcome<HttpResponseMessage> outcome) =>
        IsTrouble(outcome) || Verdict(outcome.Result)?.Kind is VerdictKind.Wait;

    /// <summary>The wait before the next attempt, or null to use the exponential backoff.</summary>
    public static TimeSpan? DelayFor(RetryDelayGeneratorArguments<HttpResponseMessage> arguments, UpstreamOptions options)
    {
        if (Verdict(arguments.Outcome.Result) is not { } verdict)
        {
            return null;
        }

        // A wait of zero or a past date is ignored; the backoff avoids a busy loop.
        if (verdict.RetryAfter is { } asked && asked > TimeSpan.Zero)
        {
            return asked < options.MaxRetryAfter ? asked : options.MaxRetryAfter;
        }

        if (verdict.Kind is not VerdictKind.Wait)
        {
            return null;
        }

        var wait = options.RetryDelay * WaitFactor * Math.Pow(2, arguments.AttemptNumber) * (1 + (Random.Shared.NextDouble() / 4));
        return wait < options.MaxRetryAfter ? wait : options.MaxRetryAfter;
    }

    /// <summary>The outcome of the attempt, in one line.</summary>
    public static string GetReason(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: TimeoutRejectedException } => "no response in time",
        { Exception: { } exception } => exception.Explain(),
        { Result: { } response } => Verdict(response)?.Reason ?? $"answered {(int)response.StatusCode}",
        _ => "no response",
    };

    /// <summary>Failures of the upstream or the connection. A request to wait is not a failure and does not open the breaker.</summary>
    private static bool IsTrouble(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: HttpRequestException or IOException or TimeoutRejectedException } => true,
        { Result: { } response } => Verdict(response)?.Kind is VerdictKind.Retry,
        _ => false,
    };

    private static UpstreamVerdict? Verdict(HttpResponseMessage? response) =>
        response?.RequestMessage is { } request && request.Options.TryGetValue(UpstreamVerdict.Key, out var verdict) ? verdict : null;
}
