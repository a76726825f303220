using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.Options;

namespace Kasparro.Api.Errors;

internal static class ErrorHandling
{
    public static void AddErrors(this WebApplicationBuilder builder) => builder.Services.AddExceptionHandler<ProblemExceptionHandler>();

    /// <summary>Every error leaves as a problem document: the exceptions that endpoints let through, and statuses without a body.</summary>
    public static void UseErrors(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = context => Problems.WriteAsync(context, StatusCodes.Status500InternalServerError),
        });
        app.UseStatusCodePages(context => Problems.WriteAsync(context.HttpContext, context.HttpContext.Response.StatusCode));
    }
}

/// <summary>Those exceptions that are not faults of this service; the others are logged and become 500.</summary>
internal sealed class ProblemExceptionHandler(IOptions<ApiOptions> options) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        switch (exception)
        {
            case CatalogueUnavailableException:
                await Problems.WriteUnavailableAsync(httpContext, options.Value.RetryAfter);
                return true;
            case BadHttpRequestException bad:
                await Problems.WriteAsync(httpContext, bad.StatusCode);
                return true;
            default:
                return false;
        }
    }
}
