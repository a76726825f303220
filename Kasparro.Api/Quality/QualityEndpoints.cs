using Kasparro.Api.Docs;
using Kasparro.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Kasparro.Api.Quality;

internal static class QualityEndpoints
{
    public static void AddQuality(this WebApplicationBuilder builder) => builder.Services.AddSingleton<DataQualityReader>();

    public static void MapQuality(this WebApplication app) =>
        app.MapRead("/data-quality", GetAsync)
            .WithName("GetDataQuality")
            .WithSummary("Show the quality of the data")
            .WithDescription(
                "Stale listings, missing fields, duplicates and listings that no other source has, by source; and prices that differ " +
                "between sources.")
            .WithTags("Operation")
            .Produces(StatusCodes.Status200OK, DataQualityResponse.Example)
            .ProducesProblems(StatusCodes.Status503ServiceUnavailable)
            .CheckParameters();

    private static async Task<Ok<DataQualityResponse>> GetAsync(DataQualityReader quality, CancellationToken cancellationToken) =>
        TypedResults.Ok(await quality.ReadAsync(cancellationToken));
}
