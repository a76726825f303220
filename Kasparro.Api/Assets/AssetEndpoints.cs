using Kasparro.Api.Docs;
using Kasparro.Api.Http;

namespace Kasparro.Api.Assets;

internal static class AssetEndpoints
{
    private const string Path = "/assets";

    public static void AddAssets(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AssetReader>();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, AssetJson.Default));
    }

    public static void MapAssets(this WebApplication app) =>
        app.MapRead($"{Path}/{{id}}", GetAsync)
            .WithName("GetAsset")
            .WithSummary("Show an asset and why its listings are one asset")
            .WithDescription(
                "The asset's values, the listings of each source, and each merge with its rule, evidence and confidence. The id of an asset that was merged into " +
                "another one is redirected (301): merged_into and Location name that asset. Inactive assets, which /data leaves out, are included.")
            .WithTags("Catalogue")
            .Produces(StatusCodes.Status200OK, AssetResponse.Example)
            .ProducesMoved()
            .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable)
            .CheckParameters();

    private static async Task<IResult> GetAsync(
        HttpContext context, [AsParameters] AssetRequest request, AssetReader assets, CancellationToken cancellationToken)
    {
        var (asset, moved) = await assets.ReadAsync(request.Id, cancellationToken);
        return asset is not null ? TypedResults.Ok(asset) : moved is not null ? Moved(context, moved, rest: "") : TypedResults.NotFound();
    }

    /// <summary>Documents the redirect of a merged asset's id.</summary>
    internal static RouteHandlerBuilder ProducesMoved(this RouteHandlerBuilder endpoint) => endpoint
        .Produces(StatusCodes.Status301MovedPermanently, AssetMoved.Example)
        .WithResponseHeader(StatusCodes.Status301MovedPermanently, "Location", "The same resource of the asset that this one was merged into.");

    /// <summary>Leads to the asset that another one became part of.</summary>
    /// <param name="context">The request.</param>
    /// <param name="moved">Where it went.</param>
    /// <param name="rest">What comes after the asset's path.</param>
    internal static IResult Moved(HttpContext context, AssetMoved moved, string rest)
    {
        // Not to be kept without asking: an operator may split what was merged wrongly.
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers.Location = $"{Path}/{moved.MergedInto}{rest}";
        return TypedResults.Json(moved, AssetJson.Default.AssetMoved, statusCode: StatusCodes.Status301MovedPermanently);
    }
}
