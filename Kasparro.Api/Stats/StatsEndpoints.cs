using Kasparro.Api.Docs;
using Kasparro.Api.Http;

namespace Kasparro.Api.Stats;

internal static class StatsEndpoints
{
    public static void AddStats(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<UpstreamCallsReader>();
        builder.Services.AddSingleton<StatsReader>();
    }

    public static void MapStats(this WebApplication app) =>
        app.MapRead("/stats", (StatsReader stats, CancellationToken cancellationToken) => stats.ReadAsync(cancellationToken))
            .WithName("GetStats")
            .WithSummary("Show statistics of the ingestion")
            .WithDescription("Counts of records that the runs read, the newest run of each source, and the upstream calls that are left.")
            .WithTags("Operation")
            .Produces(StatusCodes.Status200OK, StatsResponse.Example)
            .ProducesProblems(StatusCodes.Status503ServiceUnavailable)
            .CheckParameters();
}
