using System.Net;

namespace Kasparro.Ingestion.Sources.Http;

/// <summary>
/// Decides what an upstream's response means, from both status and body: a rate limit may come as 200 with an error object, an outage as
/// 403, a block as HTML.
/// </summary>
/// <param name="section">The upstream's section of the settings, for advice.</param>
internal sealed class ResponseClassifier(string section)
{
    /// <summary>
    /// Cloudflare's code for too many calls from one address. Its other 1xxx codes are rules that do not expire on their own.
    /// </summary>
    private const int CloudflareRateLimited = 1015;

    /// <summary>CoinGecko's code for a period beyond the plan's reach.</summary>
    private const int BeyondPlan = 10_012;

    private string KeyAdvice =>
        $"Check {section}:ApiKey and {section}:BaseUrl: a key works on its own plan's host only (demo "
            + "or free: api.…, paid: pro-api.… or api-pro.…).";

    private string UrlAdvice => $"Check {section}:BaseUrl.";

    private string PlanAdvice => $"The plan does not cover this call: check {section}:ApiKey and what the plan includes.";

    /// <summary>Classifies a response.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="head">The body's beginning.</param>
    /// <param name="retryAfter">How long the upstream asks to wait.</param>
    /// <param name="location">The target of a redirect.</param>
    public UpstreamVerdict Classify(HttpStatusCode status, ResponsePrefix head, TimeSpan? retryAfter = null, Uri? location = null)
    {
        var code = (int)status;
        if (code is >= 200 and < 300 && (head.Shape is BodyShape.Array || IsOfNumbers(head)))
        {
            return UpstreamVerdict.Accepted;
        }

        var (kind, advice) = code is >= 300 and < 400 and not 304
            ? (VerdictKind.Fail, RedirectAdvice(location))
            : ByBody(code, head) ?? ByStatus(code, head);
        return new(kind, Describe(status, head), advice, kind is VerdictKind.Retry or VerdictKind.Wait ? retryAfter : null);
    }

    // The lists that are sent as an object; errors are objects, too.
    private static bool IsOfNumbers(ResponsePrefix head) =>
        head.Shape is BodyShape.Object && head.ErrorCode is null && (head.Says("\"rates\"") || head.Says("\"prices\""));

    /// <summary>
    /// The body overrides the status: 400 with 10011 is a wrong key, 403 with "temporarily" an outage, 200 with 429 a rate limit.
    /// </summary>
    private (VerdictKind Kind, string? Advice)? ByBody(int status, ResponsePrefix head)
    {
        if (head.Shape is BodyShape.Object)
        {
            switch (head.ErrorCode)
            {
                case BeyondPlan:
                    return (VerdictKind.NotInPlan, PlanAdvice);
                case >= 10_000 and < 11_000: // The key is missing, invalid, of another plan, or sent to the wrong host.
                case (int)HttpStatusCode.Unauthorized:
                    return (VerdictKind.Fail, KeyAdvice);
                case (int)HttpStatusCode.TooManyRequests:
                    return (VerdictKind.Wait, null);
                case >= 500 and < 600 or (int)HttpStatusCode.RequestTimeout:
                    return (VerdictKind.Retry, null);
            }

            if (head.Says("temporarily unavailable"))
            {
                return (VerdictKind.Retry, null);
            }

            if (head.Says("not allowed in this plan") || head.Says("Payment is required") || head.Says("Payment required"))
            {
                return (VerdictKind.NotInPlan, PlanAdvice);
            }

            if (head.Says("rate limit") || head.Says("request limit"))
            {
                return (VerdictKind.Wait, null);
            }

            if (head.ErrorCode is (int)HttpStatusCode.Forbidden)
            {
                return (VerdictKind.Fail, KeyAdvice);
            }
        }

        if (head.Shape is BodyShape.Html or BodyShape.Other && status < 500 && head.IsCloudflare)
        {
            // A page without a code is usually a temporary block of a busy address, or a challenge that a later call does not get.
            return head.ErrorCode is null or CloudflareRateLimited
                ? (VerdictKind.Wait, null)
                : (VerdictKind.Fail, $"Cloudflare refuses this machine or this host permanently. {UrlAdvice}");
        }

        return null;
    }

    private (VerdictKind Kind, string? Advice) ByStatus(int status, ResponsePrefix head) => status switch
    {
        402 or 429 => (VerdictKind.Wait, null),
        304 or 408 or 425 or >= 500 => (VerdictKind.Retry, null), // 304: from a cache, since no request is conditional.
        < 300 => (VerdictKind.Retry, null), // Empty, HTML or an unknown error object: not the list.
        403 when head.Shape is BodyShape.Html => (VerdictKind.Wait, null),
        401 or 403 => (VerdictKind.Fail, KeyAdvice),
        404 when head.Shape is not BodyShape.Object => (VerdictKind.Fail, UrlAdvice),
        400 or 404 or 410 or 422 => (VerdictKind.Refuse, null),
        _ => (VerdictKind.Fail, null),
    };

    private string RedirectAdvice(Uri? location) => location is null
        ? UrlAdvice
        : $"Redirects are not followed, since they would carry the key along: set {section}:BaseUrl to where it leads ({location}).";

    private static string Describe(HttpStatusCode status, ResponsePrefix head)
    {
        var what = head.Shape switch
        {
            BodyShape.Empty => "no body",
            BodyShape.Html => $"HTML in place of JSON: {head.Shown}",
            _ => head.Shown,
        };
        return (int)status is >= 200 and < 300
            ? $"answered {(int)status} but not a JSON array of records: {what}"
            : $"answered {(int)status}{(Enum.IsDefined(status) ? $" {status}" : "")}: {what}";
    }
}
