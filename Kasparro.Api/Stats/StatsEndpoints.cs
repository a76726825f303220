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
    }

    public static void MapStats(this WebApplication app) =>
        app.MapRead("/stats", GetAsync)
            .WithName("GetStats")
            .WithSummary("Show statistics of the ingestion")
            .WithDescription("Counts of records that the runs read, the newest run of each source, and the upstream calls that are left.")
            .WithTags("Operation")
            .Produces(StatusCodes.Status200OK, StatsResponse.Example)
            .ProducesProblems(StatusCodes.Status503ServiceUnavailable)
            .CheckParameters();

    private static async Task<Ok<StatsResponse>> GetAsync(StatsReader stats, CancellationToken cancellationToken) =>
        TypedResults.Ok(await stats.ReadAsync(cancellationToken));
}
