using Kasparro.Api.Docs;
using Kasparro.Api.Http;

namespace Kasparro.Api.Catalogue;

internal static class DataEndpoints
{
    private const string RouteName = "GetData";

    /// <summary>Answers <c>/data</c> ahead of routing, authentication and scopes, none of which it needs.</summary>
    public static void UseData(this WebApplication app)
    {
        var data = app.Services.GetRequiredService<DataEndpoint>();
        var route = new Lazy<Endpoint>(() => app.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Single(mapped => mapped.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName == RouteName));
        app.Use(next => context =>
        {
            var request = context.Request;
            if (request.Path.Value != DataEndpoint.Path || !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)))
            {
                return next(context);
            }

            context.SetEndpoint(route.Value); // What metrics and spans call the route.
            return data.HandleAsync(context);
        });
    }

    // The route's other spellings and methods, and its description.
    public static void MapData(this WebApplication app) =>
        app.MapRead(DataEndpoint.Path, app.Services.GetRequiredService<DataEndpoint>().HandleAsync)
            .WithName(RouteName)
            .WithSummary("List the catalogue")
            .WithDescription(
                "Without source, one row an active asset with the values of its best source: what no source lists as active any more is " +
                "found by its id, at " +
                "/assets/{id}. With source, all that this source lists, active or not. " +
                "An answer shows one state of the catalogue. What an ingestion commits shows at once as a rule, and always within a " +
                "bound that the operator sets.")
            .WithTags("Catalogue")
            .Produces<DataPage>()
            .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status406NotAcceptable, StatusCodes.Status503ServiceUnavailable)
            .Produces(StatusCodes.Status304NotModified)
            .AddOpenApiOperationTransformer(DataDocs.DescribeAsync);
}
