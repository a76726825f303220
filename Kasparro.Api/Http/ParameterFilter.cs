namespace Kasparro.Api.Http;

/// <summary>For resources without parameters: naming one is a mistake that is told, not passed over.</summary>
internal static class ParameterFilter
{
    public static RouteHandlerBuilder RefusingParameters(this RouteHandlerBuilder endpoint) =>
        endpoint.AddEndpointFilter(static async (invocation, next) =>
        {
            var context = invocation.HttpContext;
            if (context.Request.Query.Count == 0)
            {
                return await next(invocation);
            }

            await Problems.WriteInvalidQueryAsync(context, context.Request.Query.Keys.ToDictionary(
                name => name,
                _ => new[] { "is not a parameter of this resource; it has none" },
                StringComparer.Ordinal));
            return Results.Empty;
        });
}
