using Kasparro.Api.Docs;
using Kasparro.Api.Http;

namespace Kasparro.Api.Quality;

internal static class QualityEndpoints
{
    public static void AddQuality(this WebApplicationBuilder builder) => builder.Services.AddSingleton<DataQualityReader>();

    public static void MapQuality(this WebApplication app) =>
        app.MapRead(
                "/data-quality", (DataQualityReader quality, CancellationToken cancellationToken) => quality.ReadAsync(cancellationToken))
            .WithName("GetDataQuality")
            .WithSummary("Show the quality of the data")
            .WithDescription(
                "Stale listings, missing fields, duplicates and listings that no other source has, by source; and prices that differ " +
                "between sources.")
            .WithTags("Operation")
            .Produces(StatusCodes.Status200OK, DataQualityResponse.Example)
            .ProducesProblems(StatusCodes.Status503ServiceUnavailable)
            .CheckParameters();
}
