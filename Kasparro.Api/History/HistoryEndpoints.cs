using Kasparro.Api.Assets;
using Kasparro.Api.Docs;
using Kasparro.Api.Errors;
using Kasparro.Api.Requests;

namespace Kasparro.Api.History;

internal static class HistoryEndpoints
{
    public static void AddHistory(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<HistoryReader>();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, HistoryJson.Default));
    }

    public static void MapHistory(this WebApplication app) =>
        app.MapRead("/assets/{id}/history", GetAsync)
            .WithName("GetAssetHistory")
            .WithSummary("Show an asset's price history")
            .WithDescription(
                "Open, high, low and close per interval, from the quotes of one listing: the one whose price the asset shows, or the best one of the source in the " +
                "request. All times are UTC: days begin at midnight, weeks on Monday. from and to are widened to whole intervals. Intervals without a quote are absent. " +
                "The id of an asset that was merged into another one is redirected (301).")
            .WithTags("Catalogue")
            .Produces(StatusCodes.Status200OK, HistoryResponse.Example)
            .ProducesMoved()
            .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> GetAsync(
        HttpContext context, string id, HistoryReader history, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!HistoryQuery.TryParse(id, context.Request.Query, time.GetUtcNow().UtcDateTime, out var query, out var errors))
        {
            await Problems.WriteInvalidQueryAsync(context, errors);
            return Results.Empty;
        }

        var answer = await history.ReadAsync(query, cancellationToken);
        switch (answer)
        {
            case { History: { } found }:
                return TypedResults.Json(found, HistoryJson.Default.HistoryResponse);
            case { Moved: { } moved }:
                return AssetEndpoints.Moved(context, moved, $"/history{context.Request.QueryString}");
            case { Exists: true }:
                await Problems.WriteInvalidQueryAsync(context, new Dictionary<string, string[]>(StringComparer.Ordinal)
                {
                    [HistoryQuery.SourceName] = ["must be a source that lists this asset"],
                });
                return Results.Empty;
            default:
                return TypedResults.NotFound();
        }
    }
}
