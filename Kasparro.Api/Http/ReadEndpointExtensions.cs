namespace Kasparro.Api.Http;

/// <summary>Routes that are only read.</summary>
internal static class ReadEndpointExtensions
{
    /// <summary>Maps GET, and HEAD beside it; the returned convention builder is that of GET, the one that is documented.</summary>
    public static RouteHandlerBuilder MapRead(this IEndpointRouteBuilder app, string pattern, Delegate handler)
    {
        app.MapMethods(pattern, [HttpMethods.Head], handler).ExcludeFromDescription();
        return app.MapGet(pattern, handler);
    }
}
