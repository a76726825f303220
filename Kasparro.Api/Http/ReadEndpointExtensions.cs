namespace Kasparro.Api.Http;

/// <summary>Routes that are only read.</summary>
internal static class ReadEndpointExtensions
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Maps GET and HEAD to one handler. The OpenAPI document describes GET only.</summary>
    public static RouteHandlerBuilder MapRead(this IEndpointRouteBuilder app, string pattern, Delegate handler) => app.MapMethods(pattern, Methods, handler);
}
