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
            .WithSummary("Show an asset and why its listings are one")
            .WithDescription(
                "The asset's values, what each source lists of it, and each merge with its rule, evidence and confidence. An id that became part of another " +
                "asset answers 301: merged_into and Location name that asset. Inactive assets, which /data leaves out, are here.")
            .WithTags("Catalogue")
            .Produces<AssetResponse>()
            .Produces<AssetMoved>(StatusCodes.Status301MovedPermanently)
            .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable)
            .RefusingParameters()
            .AddOpenApiOperationTransformer(AssetDocs.DescribeAsync);

    private static async Task<IResult> GetAsync(HttpContext context, string id, AssetReader assets, CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(id, "D", out var assetId))
        {
            await Problems.WriteInvalidQueryAsync(context, new Dictionary<string, string[]>(StringComparer.Ordinal) { ["id"] = ["must be a UUID"] });
            return Results.Empty;
        }

        var (asset, moved) = await assets.ReadAsync(assetId, cancellationToken);
        if (asset is not null)
        {
            return TypedResults.Json(asset, AssetJson.Default.AssetResponse);
        }

        if (moved is null)
        {
            return TypedResults.NotFound();
        }

        return Moved(context, moved, rest: "");
    }

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
