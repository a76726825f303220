
namespace Kasparro.Api.Http;

/// <summary>Maps read-only routes.</summary>
internal static class ReadEndpointExtensions
{
    /// <summary>Maps GET and HEAD to one handler; only GET is documented.</summary>
    public static RouteHandlerBuilder MapRead(this IEndpointRouteBuilder app, string pattern, Delegate handler) =>
        app.MapGet(pattern, handler).AllowHead();

    /// <summary>Makes a GET route respond to HEAD as well; the server omits the body.</summary>
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
