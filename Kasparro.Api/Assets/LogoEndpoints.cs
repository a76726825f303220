using System.ComponentModel;
using System.IO.Hashing;
using Kasparro.Api.Docs;
using Kasparro.Api.Http;
using Kasparro.Api.Resolve;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace Kasparro.Api.Assets;

/// <summary>
/// The route of an asset's logo. The images come from third parties, so the headers keep browsers from running anything in them.
/// </summary>
internal static class LogoEndpoints
{
    private const string Route = "/logo";

    // One week: after an asset's logo changes, caches may show the previous one for that long.
    private const string CacheControl = "public, max-age=604800";

    /// <summary>Returns the path of an asset's logo.</summary>
    public static string GetPath(Guid assetId) => $"{AssetEndpoints.Path}/{assetId}{Route}";

    public static void MapLogo(this WebApplication app) =>
        app.MapRead($"{AssetEndpoints.Path}/{{id}}{Route}", GetAsync)
            .WithName("GetAssetLogo")
            .WithSummary("Show an asset's logo")
            .WithDescription(
                "The picture as its source sent it, which the worker has fetched once: a PNG, JPEG, GIF or WebP image. 404 where no " +
                "source has one, where it is not fetched yet, and where Logos__Enabled is false. The id of an asset that was merged into " +
                "another one is redirected (301).")
            .WithTags("Catalogue")
            .ProducesText("image/png", "(a picture)")
            .ProducesText("image/jpeg", "(a picture)")
            .ProducesText("image/gif", "(a picture)")
            .ProducesText("image/webp", "(a picture)")
            .WithResponseHeader(StatusCodes.Status200OK, "ETag", "The picture's hash, for If-None-Match.")
            .WithResponseHeader(StatusCodes.Status200OK, "Last-Modified", "When the worker fetched it.")
            .Produces(StatusCodes.Status304NotModified)
            .ProducesCandidates()
            .ProducesMoved()
            .ProducesProblems(StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable)
            .CheckParameters();

    private static async Task<IResult> GetAsync(
        HttpContext context,
        [FromRoute(Name = "id"), Description("The asset's id, or its id in another vocabulary, as in /assets/{id}.")] AssetIdentifier id,
        LogoReader logos,
        IdentifierResolver resolver,
        CancellationToken cancellationToken)
    {
        var (assetId, failure) = await AssetEndpoints.FindAsync(id, resolver, cancellationToken);
        if (failure is not null)
        {
            return failure;
        }

        var (logo, moved) = await logos.ReadAsync(assetId, cancellationToken);
        if (logo is null)
        {
            return moved is null ? TypedResults.NotFound() : AssetEndpoints.Moved(context, moved, Route);
        }

        var headers = context.Response.Headers;
        headers.CacheControl = CacheControl;
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        return TypedResults.Bytes(
            logo.Content, logo.ContentType, lastModified: logo.FetchedAt,
            entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(XxHash128.Hash(logo.Content))}\""));
    }
}
