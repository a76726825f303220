using Kasparro.Api.Assets;
using Kasparro.Api.Docs;
using Kasparro.Api.Http;
using Kasparro.Api.Resolve;

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
                "Open, high, low and close per interval, from the quotes of one listing: the one whose price the asset shows, or the " +
                "best one of the source in the " +
                "request. All times are UTC: days begin at midnight, weeks on Monday. from and to are widened to whole intervals. " +
                "Intervals without a quote are absent. " +
                "The id of an asset that was merged into another one is redirected (301).")
            .WithTags("Catalogue")
            .Produces(StatusCodes.Status200OK, HistoryResponse.Example)
            .ProducesCandidates()
            .ProducesMoved()
            .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable)
            .CheckParameters();

    private static async Task<IResult> GetAsync(
        HttpContext context,
        [AsParameters] HistoryRequest request,
        HistoryReader history,
        IdentifierResolver resolver,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (!HistoryQuery.TryCreate(request, time.GetUtcNow().UtcDateTime, out var query, out var error))
        {
            return Problems.Invalid("from", error);
        }

        if (request.Id.Kind is not IdentifierKind.Asset)
        {
            var resolved = (await resolver.ResolveAsync([request.Id], cancellationToken))[0];
            if (resolved.Asset is null)
            {
                return await AssetEndpoints.NotOneAsync(resolver, request.Id, resolved, cancellationToken);
            }

            query = query with { AssetId = resolved.Asset.AssetId };
        }

        return await history.ReadAsync(query, cancellationToken) switch
        {
            { History: { } found } => TypedResults.Ok(found),
            { Moved: { } moved } => AssetEndpoints.Moved(context, moved, $"/history{context.Request.QueryString}"),
            { Exists: true } => Problems.Invalid("source", "must be a source that lists this asset"),
            _ => TypedResults.NotFound(),
        };
    }
}
