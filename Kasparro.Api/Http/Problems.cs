using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using static System.FormattableString;

namespace Kasparro.Api.Http;

/// <summary>
/// Writes problem documents, the format of all errors outside the vendors' routes, with a body in every case: an error without one helps
/// nobody.
/// </summary>
internal static class Problems
{
    /// <summary>Creates a response that names each invalid parameter.</summary>
    public static IResult Invalid(QueryErrors errors) => new ProblemResult(StatusCodes.Status400BadRequest, errors.All);

    /// <summary>Creates a response that names one invalid parameter.</summary>
    public static IResult Invalid(string parameter, string error) => Invalid(QueryErrors.From(parameter, error));

    /// <summary>Creates a response with this status, and a detail if the status's usual description does not cover it.</summary>
    public static IResult Result(int status, string? detail = null) => new ProblemResult(status, detail: detail);

    /// <summary>Writes a response that names each invalid parameter.</summary>
    public static Task WriteInvalidQueryAsync(HttpContext context, IReadOnlyDictionary<string, string[]> errors) =>
        WriteAsync(context, StatusCodes.Status400BadRequest, errors);

    /// <summary>Writes 503 with <c>Retry-After</c>.</summary>
    public static Task WriteUnavailableAsync(HttpContext context, TimeSpan retryAfter)
    {
        context.Response.Headers.RetryAfter = ((long)Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return WriteAsync(context, StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>Writes the problem document of a status, with the invalid parameters if there are any.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">The status.</param>
    /// <param name="errors">Each invalid parameter, with what is wrong with it.</param>
    /// <param name="detail">What was wrong, if the status's usual description does not cover it.</param>
    public static Task WriteAsync(HttpContext context, int status, IReadOnlyDictionary<string, string[]>? errors = null,
        string? detail = null)
    {
        if (VendorRoutes.Find(context.Request.Path) is not null)
        {
            return VendorErrors.WriteAsync(context, status);
        }

        RequestIds.SetHeaders(context);
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store";
        var problem = new Problem(
            GetTypeUri(status), GetTitle(status), status, detail ?? GetDetail(status), context.TraceIdentifier, errors);
        return context.Response.WriteAsJsonAsync(problem, ErrorJson.Relaxed.Problem, Problem.ContentType, context.RequestAborted);
    }

    internal static string GetTitle(int status) => ReasonPhrases.GetReasonPhrase(status);

    internal static string GetDetail(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "The request is invalid; if parameters are at fault, errors names each of them.",
        StatusCodes.Status401Unauthorized => "This requires an operator key in the header X-Api-Key; none was sent, or a wrong one.",
        StatusCodes.Status403Forbidden => "This requires an operator key, and this service has none configured, so it is disabled.",
        StatusCodes.Status404NotFound => "Nothing exists at this path.",
        StatusCodes.Status405MethodNotAllowed => "This resource does not support this method; Allow lists those that it supports.",
        StatusCodes.Status406NotAcceptable => "This resource is not available in any media type that Accept names.",
        StatusCodes.Status409Conflict => "The request conflicts with the current state of the resource.",
        StatusCodes.Status410Gone => "This version is not of this catalogue, which may have been restored from a backup or have " +
            "failed over, or what changed after it is no longer kept; start again with /export.",
        StatusCodes.Status412PreconditionFailed => "The condition in If-Match or If-Unmodified-Since is not met.",
        StatusCodes.Status415UnsupportedMediaType => "The body must be JSON, not compressed, and Content-Type must say " +
            "so: application/json, in UTF-8.",
        StatusCodes.Status413PayloadTooLarge => "The request's body is too large.",
        StatusCodes.Status429TooManyRequests => "Too many requests in a short time; Retry-After says how many seconds to wait.",
        StatusCodes.Status503ServiceUnavailable => "The catalogue cannot be read at the moment.",
        >= 500 => "The request failed because of an error on the server.",
        _ => "The request cannot be processed as it was sent.",
    };

    // RFC 9110 has a section for each status, in numerical order.
    internal static string GetTypeUri(int status) => status switch
    {
        StatusCodes.Status429TooManyRequests => "https://www.rfc-editor.org/rfc/rfc6585#section-4",
        >= 400 and <= 417 => Invariant($"https://www.rfc-editor.org/rfc/rfc9110#section-15.5.{status - 399}"),
        >= 500 and <= 505 => Invariant($"https://www.rfc-editor.org/rfc/rfc9110#section-15.6.{status - 499}"),
        _ => "about:blank",
    };

    private sealed class ProblemResult(int status, IReadOnlyDictionary<string, string[]>? errors = null, string? detail = null) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext, status, errors, detail);
    }
}
