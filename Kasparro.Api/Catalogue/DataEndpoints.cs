using Kasparro.Api.Docs;
using Kasparro.Api.Http;

namespace Kasparro.Api.Catalogue;

internal static class DataEndpoints
{
    private const string RouteName = "GetData";

    /// <summary>Answers hot pages ahead of everything that they do not need: routing, error handling, scopes.</summary>
    public static void UseHotData(this WebApplication app)
    {
        var endpoint = app.Services.GetRequiredService<DataEndpoint>();
        var route = new Lazy<Endpoint>(() => app.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Single(mapped => mapped.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName == RouteName));
        app.Use(next => context =>
        {
            if (!endpoint.TryAnswer(context, out var answer))
            {
                return next(context);
            }

            context.SetEndpoint(route.Value); // What metrics and spans call the route.
            return answer;
        });
    }

    public static void MapData(this WebApplication app) =>
        app.MapRead(DataEndpoint.Path, app.Services.GetRequiredService<DataEndpoint>().HandleAsync)
            .WithName(RouteName)
            .WithSummary("List the catalogue")
            .WithDescription(
                "Without source, one row an active asset with the values of its best source: what no source lists as active any more is found by its id, at " +
                "/assets/{id}. With source, all that this source lists, active or not. " +
                "An answer shows one state of the catalogue. What an ingestion commits shows at once as a rule, and always within a bound that the operator sets.")
            .WithTags("Catalogue")
            .Produces<DataPage>()
            .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status406NotAcceptable, StatusCodes.Status503ServiceUnavailable)
            .Produces(StatusCodes.Status304NotModified)
            .AddOpenApiOperationTransformer(DataDocs.DescribeAsync);
}
