using System.Text.Json;
using Kasparro.Api.Postgres;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Kasparro.Api.Http;

/// <summary>Responds to exceptions that are not faults of this service; all other exceptions are logged and become 500.</summary>
internal sealed partial class ProblemExceptionHandler(
    IOptions<ApiOptions> options, TimeProvider time, ILogger<ProblemExceptionHandler> logger) : IExceptionHandler
{
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private long? _loggedAt;
    private long _unlogged;

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        switch (exception)
        {
            case CatalogueUnavailableException:
                LogUnavailable(exception);
                await Problems.WriteUnavailableAsync(httpContext, options.Value.RetryAfter);
                return true;
            case BadHttpRequestException { InnerException: JsonException { Path: ['$', '.', .. var member] } }:
                var errors = QueryErrors.From(member, "is not known here, is given twice, or has a value of another type");
                await Problems.WriteInvalidQueryAsync(httpContext, errors.All);
                return true;
            case BadHttpRequestException when httpContext.Request.Headers.ContentEncoding.Count > 0:
                await Problems.WriteAsync(httpContext, StatusCodes.Status415UnsupportedMediaType);
                return true;
            case BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } when HasBody(httpContext.Request):
                await Problems.WriteAsync(httpContext, StatusCodes.Status400BadRequest, detail: "The body must be a JSON object.");
                return true;
            case BadHttpRequestException bad:
                await Problems.WriteAsync(httpContext, bad.StatusCode);
                return true;
            case InvalidOperationException when HasUnknownCharset(httpContext.Request):
                await Problems.WriteAsync(httpContext, StatusCodes.Status415UnsupportedMediaType);
                return true;
            case InvalidParameterException invalid:
                await Problems.WriteInvalidQueryAsync(httpContext, QueryErrors.From(invalid.Parameter, invalid.Error).All);
                return true;
            default:
                return false;
        }
    }

    private static bool HasBody(HttpRequest request) => HttpMethods.IsPost(request.Method) || HttpMethods.IsPut(request.Method);

    // Reading such a body throws an exception that does not blame the request.
    private static bool HasUnknownCharset(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.Charset.HasValue && type.Encoding is null;

    // Logs at most once per interval: under load there are thousands of these per second.
    private void LogUnavailable(Exception exception)
    {
        long count;
        lock (_gate)
        {
            _unlogged++;
            if (_loggedAt is { } loggedAt && time.GetElapsedTime(loggedAt) < LogInterval)
            {
                return;
            }

            _loggedAt = time.GetTimestamp();
            (count, _unlogged) = (_unlogged, 0);
        }

        Log.Unavailable(logger, count, exception.Message);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Requests refused with 503 since the last such line: {Count}; the newest " +
            "because Postgres does not respond: {Reason}")]
        public static partial void Unavailable(ILogger logger, long count, string reason);
    }
}
