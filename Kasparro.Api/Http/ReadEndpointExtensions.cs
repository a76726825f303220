
namespace Kasparro.Api.Http;

/// <summary>Routes that are only read.</summary>
internal static class ReadEndpointExtensions
{
    /// <summary>Maps GET and HEAD to one handler; only GET is documented.</summary>
    public static RouteHandlerBuilder MapRead(this IEndpointRouteBuilder app, string pattern, Delegate handler) =>
        app.MapGet(pattern, handler).AllowHead();

    /// <summary>Has a route for GET respond to HEAD too: the server leaves out the body.</summary>
    public static TBuilder AllowHead<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.Add(static builder =>
        {
            for (var index = 0; index < builder.Metadata.Count; index++)
            {
                if (builder.Metadata[index] is HttpMethodMetadata { HttpMethods: [var method] } && HttpMethods.IsGet(method))
                {
                    builder.Metadata[index] = new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]);
                }
            }
        });
        return endpoint;
    }
}
