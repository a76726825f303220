using System.ComponentModel;
using Kasparro.Api.Docs;
using Kasparro.Api.Http;
using Kasparro.Api.Resolve;
using Microsoft.AspNetCore.Mvc;

namespace Kasparro.Api.Assets;

internal static class AssetEndpoints
{
    internal const string Path = "/assets";

    public static void AddAssets(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AssetReader>();
        builder.Services.AddSingleton<LogoReader>();
    }

    public static void MapAssets(this WebApplication app)
    {
        app.MapLogo();
        app.MapRead($"{Path}/{{**id:minlength(1)}}", GetAsync)
            .WithName("GetAsset")
            .WithSummary("Show an asset and why its listings are one asset")
            .WithDescription(
                "The asset's values, the listings of each source, and each merge with its rule, evidence and confidence. The id of an " +
                "asset that was merged into another one is redirected (301): merged_into and Location name that asset. Inactive assets, " +
                "which /data leaves out, are included. The id can be of any vocabulary, as in /resolve; a source's own id that several " +
                "assets share gets the candidates (300).")
            .WithTags("Catalogue")
            .Produces(StatusCodes.Status200OK, AssetResponse.Example)
            .ProducesCandidates()
            .ProducesMoved()
            .ProducesProblems(StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable)
            .WithResponseHeader(StatusCodes.Status200OK, "Content-Location", "The asset by its id.")
            .CheckParameters();
    }

    private static async Task<IResult> GetAsync(
        HttpContext context,
        [FromRoute(Name = "id"), Description(
            "The asset's id, or its id in another vocabulary: SOURCE:ID, a source's own id, CAIP-19, CHAIN-ID:ADDRESS or " +
            "PLATFORM:ADDRESS. Slashes need no escape.")]
        AssetIdentifier id,
        AssetReader assets,
        IdentifierResolver resolver,
        CancellationToken cancellationToken)
    {
        var (asset, moved) = id.Kind is IdentifierKind.Asset
            ? await assets.ReadAsync(id.AssetId, cancellationToken)
            : (null, null);
        if (asset is null && moved is null)
        {
            // An id of another vocabulary, or our id of a listing.
            var resolved = (await resolver.ResolveAsync([id], cancellationToken))[0];
            if (resolved.Asset is null)
            {
                return await NotOneAsync(resolver, id, resolved, cancellationToken);
            }

            (asset, moved) = await assets.ReadAsync(resolved.Asset.AssetId, cancellationToken);
        }

        if (asset is null)
        {
            return moved is null ? TypedResults.NotFound() : Moved(context, moved, rest: "");
        }

        context.Response.Headers.ContentLocation = $"{Path}/{asset.AssetId}";
        return TypedResults.Ok(asset);
    }

    /// <summary>Finds the asset that an id names, or returns the response to an id that names none or several.</summary>
    internal static async Task<(Guid AssetId, IResult? Failure)> FindAsync(
        AssetIdentifier id, IdentifierResolver resolver, CancellationToken cancellationToken)
    {
        if (id.Kind is IdentifierKind.Asset)
        {
            return (id.AssetId, null);
        }

        var resolved = (await resolver.ResolveAsync([id], cancellationToken))[0];
        return resolved.Asset is { } asset
            ? (asset.AssetId, null)
            : (default, await NotOneAsync(resolver, id, resolved, cancellationToken));
    }

    /// <summary>Creates the response to an id that names several assets or none, or that does not belong to any vocabulary.</summary>
    internal static async Task<IResult> NotOneAsync(
        IdentifierResolver resolver, AssetIdentifier id, ResolvedId resolved, CancellationToken cancellationToken)
    {
        if (resolved.Candidates.Count > 0)
        {
            return TypedResults.Json(
                new AmbiguousId(resolved.Id, resolved.Candidates), statusCode: StatusCodes.Status300MultipleChoices);
        }

        var errors = await resolver.FindErrorsAsync([id], cancellationToken);
        return errors.TryGetValue(0, out var error) ? Problems.Invalid("id", error) : TypedResults.NotFound();
    }

    /// <summary>Documents the candidates of an ambiguous id.</summary>
    internal static RouteHandlerBuilder ProducesCandidates(this RouteHandlerBuilder endpoint) =>
        endpoint.Produces(StatusCodes.Status300MultipleChoices, AmbiguousId.Example);

    /// <summary>Documents the redirect of a merged asset's id.</summary>
    internal static RouteHandlerBuilder ProducesMoved(this RouteHandlerBuilder endpoint) => endpoint
        .Produces(StatusCodes.Status301MovedPermanently, AssetMoved.Example)
        .WithResponseHeader(StatusCodes.Status301MovedPermanently, "Location",
            "The same resource of the asset that this asset was merged into.");

    /// <summary>Redirects to the asset into which another one was merged.</summary>
    /// <param name="context">The request.</param>
    /// <param name="moved">The merge.</param>
    /// <param name="rest">The part of the path after the asset's own.</param>
    internal static IResult Moved(HttpContext context, AssetMoved moved, string rest)
    {
        context.Response.Headers.Location = $"{Path}/{moved.MergedInto}{rest}";
        return TypedResults.Json(moved, statusCode: StatusCodes.Status301MovedPermanently);
    }
}
