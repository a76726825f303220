using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Kasparro.Ingestion.Sources.Http;

/// <summary>Which attempts are repeated, and when: after the upstream's own word, else after growing waits.</summary>
internal static class RetryPolicy
{
    /// <summary>A limit lasts longer than a hiccup: waits are so many times as long where the upstream names none.</summary>
    private const int WaitFactor = 4;

    public static void Apply(HttpRetryStrategyOptions retry, UpstreamOptions options)
    {
        retry.MaxRetryAttempts = options.MaxRetries;
        retry.Delay = options.RetryDelay;
        retry.BackoffType = DelayBackoffType.Exponential;
        retry.UseJitter = true;
        retry.MaxDelay = options.MaxRetryAfter;
        retry.ShouldRetryAfterHeader = false; // It would obey without a cap; DelayFor has one.
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

    /// <summary>The wait before the next attempt; null leaves it to the exponential backoff.</summary>
    public static TimeSpan? DelayFor(RetryDelayGeneratorArguments<HttpResponseMessage> arguments, UpstreamOptions options)
    {
        if (Verdict(arguments.Outcome.Result) is not { } verdict)
        {
            return null;
        }

        // "Now" or a date gone by is no wait to obey: the backoff's own keeps this from becoming a busy loop.
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

    /// <summary>What the attempt met, in a line.</summary>
    public static string GetReason(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: TimeoutRejectedException } => "no response in time",
        { Exception: { } exception } => exception.Explain(),
        { Result: { } response } => Verdict(response)?.Reason ?? $"answered {(int)response.StatusCode}",
        _ => "no response",
    };

    /// <summary>Failures of the upstream or the way to it; being asked to wait is none, so it does not open the breaker.</summary>
    private static bool IsTrouble(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: HttpRequestException or IOException or TimeoutRejectedException } => true,
        { Result: { } response } => Verdict(response)?.Kind is VerdictKind.Retry,
        _ => false,
    };

    private static UpstreamVerdict? Verdict(HttpResponseMessage? response) =>
        response?.RequestMessage is { } request && request.Options.TryGetValue(UpstreamVerdict.Key, out var verdict) ? verdict : null;
}
