using Kasparro.Api.Postgres;

namespace Kasparro.Api.Http;

internal static class ErrorExtensions
{
    public static void AddErrors(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<CatalogueDeadline>();
        builder.Services.AddExceptionHandler<ProblemExceptionHandler>();

        // So that the error for an unreadable body names the member that is wrong.
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
    }

    /// <summary>Turns exceptions into problem documents.</summary>
    public static void UseErrors(this WebApplication app) => app.UseExceptionHandler(new ExceptionHandlerOptions
    {
        ExceptionHandler = context => Problems.WriteAsync(context, StatusCodes.Status500InternalServerError),
    });

    /// <summary>Turns error statuses without a body, of all middleware that follows, into problem documents.</summary>
    public static void UseStatusProblems(this WebApplication app) =>
        app.UseStatusCodePages(context => Problems.WriteAsync(context.HttpContext, context.HttpContext.Response.StatusCode));
}
