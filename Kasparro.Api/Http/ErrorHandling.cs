using Kasparro.Api.Postgres;

namespace Kasparro.Api.Http;

internal static class ErrorHandling
{
    public static void AddErrors(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<CatalogueDeadline>();
        builder.Services.AddExceptionHandler<ProblemExceptionHandler>();

        // So that a body that cannot be read is told of by the name of what is wrong in it.
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
    }

    /// <summary>Exceptions leave as a problem document.</summary>
    public static void UseErrors(this WebApplication app) => app.UseExceptionHandler(new ExceptionHandlerOptions
    {
        ExceptionHandler = context => Problems.WriteAsync(context, StatusCodes.Status500InternalServerError),
    });

    /// <summary>So do statuses without a body, of all that follows.</summary>
    public static void UseStatusProblems(this WebApplication app) =>
        app.UseStatusCodePages(context => Problems.WriteAsync(context.HttpContext, context.HttpContext.Response.StatusCode));
}
