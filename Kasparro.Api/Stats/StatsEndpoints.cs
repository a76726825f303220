using Kasparro.Api.Docs;
using Kasparro.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Kasparro.Api.Stats;

internal static class StatsEndpoints
{
    public static void AddStats(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<UpstreamCallsReader>();
        builder.Services.AddSingleton<StatsReader>();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, StatsJson.Default));
    }

    public static void MapStats(this WebApplication app) =>
        app.MapRead("/stats", GetAsync)
            .WithName("GetStats")
            .WithSummary("Show what the ingestion has done")
            .WithDescription("Counts of records that were read, from the runs; not of rows.")
            .WithTags("Operation")
            .Produces<StatsResponse>()
            .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status503ServiceUnavailable)
            .RefusingParameters()
            .AddOpenApiOperationTransformer(StatsDocs.DescribeAsync);

    private static async Task<JsonHttpResult<StatsResponse>> GetAsync(StatsReader stats, CancellationToken cancellationToken) =>
        TypedResults.Json(await stats.ReadAsync(cancellationToken), StatsJson.Default.StatsResponse);
}
