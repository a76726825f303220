using Kasparro.Api.Docs;
using Kasparro.Api.Requests;

namespace Kasparro.Api.Data;

internal static class DataRoutes
{
    public static void MapData(this WebApplication app)
    {
        var endpoint = ActivatorUtilities.CreateInstance<DataEndpoint>(app.Services);
        app.MapRead("/data", endpoint.HandleAsync)
            .WithName("GetData")
            .WithSummary("List the catalogue")
            .WithDescription(
                "Without source, one row an asset with the values of its best source; with source, what that source lists. " +
                "An answer is one state of the catalogue. An ingestion's commit shows at once, and at the latest within the bound that Api:MaxStaleness sets.")
            .WithTags("Catalogue")
            .Produces<DataPage>()
            .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status503ServiceUnavailable)
            .AddOpenApiOperationTransformer(DataDocs.DescribeAsync);
    }
}
