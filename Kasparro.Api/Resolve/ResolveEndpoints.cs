using Kasparro.Api.Docs;
using Kasparro.Api.Http;
using Microsoft.AspNetCore.Mvc;

namespace Kasparro.Api.Resolve;

internal static class ResolveEndpoints
{
    // The size of 10,000 ids of some 200 bytes.
    private const long MaxRequestBytes = 2L << 20;

    /// <summary>The route on which ids are resolved: with GET or, for many ids, with POST.</summary>
    public const string Path = "/resolve";

    private const string Description =
        "Finds the asset that each id names: an asset's id, now or before a merge; SOURCE:ID, such as coingecko:bitcoin; a source's own " +
        "id where it is unambiguous; CAIP-19, such as eip155:1/erc20:0x…; CHAIN-ID:ADDRESS; PLATFORM:ADDRESS; or VOCABULARY:ID, such as " +
        "isin:XS1234567890, where an operator's crosswalk file has the vocabulary. Ids of merged, renamed and delisted assets resolve " +
        "too; evidence says how.";

    public static void AddResolve(this WebApplicationBuilder builder) => builder.Services.AddSingleton<IdentifierResolver>();

    public static void MapResolve(this WebApplication app)
    {
        app.MapRead(Path, (
                [AsParameters] ResolveRequest request, IdentifierResolver resolver, CancellationToken cancellationToken) =>
                ResolveAsync(request.Id, "id", resolver, cancellationToken))
            .WithName("GetResolvedIds")
            .WithSummary("Resolve ids of any vocabulary")
            .WithDescription(Description)
            .WithTags("Identity")
            .Produces(StatusCodes.Status200OK, ResolveResponse.Example)
            .ProducesProblems(StatusCodes.Status503ServiceUnavailable)
            .CheckParameters();

        app.MapPost(Path, (ResolveBody body, IdentifierResolver resolver, CancellationToken cancellationToken) =>
                ResolveAsync(body.Ids, "ids", resolver, cancellationToken))
            .WithName("ResolveIds")
            .WithSummary("Resolve up to 10000 ids of any vocabulary")
            .WithDescription(Description)
            .WithTags("Identity")
            .WithMetadata(new RequestSizeLimitAttribute(MaxRequestBytes))
            .Produces(StatusCodes.Status200OK, ResolveResponse.Example)
            .ProducesProblems(
                StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status503ServiceUnavailable)
            .CheckParameters();
    }

    private static async Task<IResult> ResolveAsync(
        IReadOnlyList<string>? texts, string name, IdentifierResolver resolver, CancellationToken cancellationToken)
    {
        if (texts is not { Count: > 0 and <= ResolveBody.MaxIds })
        {
            return Problems.Invalid(name, $"must be 1 to {ResolveBody.MaxIds} ids");
        }

        var wrong = new QueryErrors(ResolveBody.MaxIds);
        var ids = await resolver.ParseAsync(texts, name, wrong, cancellationToken);
        if (wrong.Any)
        {
            return Problems.Invalid(wrong);
        }

        AssetIdentifier[] valid = [.. ids.OfType<AssetIdentifier>()];
        return new ResolvedShares(await resolver.ResolveAsync(valid, ResolvedShares.Serialize, cancellationToken));
    }
}
