using Kasparro.Api.Docs;
using Kasparro.Api.Http;
using Kasparro.Data.Catalogue;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Kasparro.Api.Identity;

internal static class IdentityEndpoints
{
    private const string OverridesPath = "/identity/overrides";
    private const string OverridePath = $"{OverridesPath}/{{listing_id}}/{{other_id}}";

    public static void AddIdentity(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ConflictReader>();
        builder.Services.AddSingleton<OverrideStore>();
    }

    public static void MapIdentity(this WebApplication app)
    {
        app.MapRead("/identity/conflicts", (
                [AsParameters] ConflictsRequest request, ConflictReader conflicts, CancellationToken cancellationToken) =>
                conflicts.ReadAsync(request, cancellationToken))
            .WithName("GetIdentityConflicts")
            .WithSummary("List conflicts")
            .WithDescription(
                "Pairs of listings that a rule would merge and that a veto, an ambiguity or an override keeps apart. The most likely " +
                "merges come first.")
            .WithTags("Identity")
            .Produces(StatusCodes.Status200OK, ConflictPage.Example)
            .ProducesProblems(StatusCodes.Status503ServiceUnavailable)
            .CheckParameters();

        app.MapRead(OverridesPath, GetOverridesAsync)
            .WithName("GetIdentityOverrides")
            .WithSummary("List overrides")
            .WithDescription("The overrides of the reviewed file, and those of operators with name, time and reason.")
            .WithTags("Identity")
            .Produces(StatusCodes.Status200OK, OverrideList.Example)
            .ProducesProblems(StatusCodes.Status503ServiceUnavailable)
            .CheckParameters();

        app.MapRead(OverridePath, GetOverrideAsync)
            .WithName("GetIdentityOverride")
            .WithSummary("Show the override of two listings")
            .WithDescription("The override of one pair of listings.")
            .WithTags("Identity")
            .Produces(StatusCodes.Status200OK, OverrideResponse.Example)
            .ProducesProblems(StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable)
            .CheckParameters();

        app.MapPut(OverridePath, PutOverrideAsync)
            .WithName("PutIdentityOverride")
            .WithSummary("Set the override of two listings")
            .WithDescription(
                "States that two listings are one asset, or that they are not, regardless of the evidence. The next ingestion applies " +
                "it; applied says whether it has. Quotes follow their listings. Each change is kept with its reason.")
            .WithTags("Identity")
            .RequireOperatorKey()
            .Produces(StatusCodes.Status200OK, OverrideResponse.Example)
            .Produces(StatusCodes.Status201Created, OverrideResponse.Example)
            .WithResponseHeader(StatusCodes.Status201Created, "Location", "The override.")
            .ProducesProblems(
                StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, StatusCodes.Status404NotFound,
                StatusCodes.Status409Conflict, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType,
                StatusCodes.Status503ServiceUnavailable)
            .CheckParameters();

        app.MapDelete(OverridePath, DeleteOverrideAsync)
            .WithName("DeleteIdentityOverride")
            .WithSummary("Remove the override of two listings")
            .WithDescription("From the next ingestion on, the evidence decides about the two listings again.")
            .WithTags("Identity")
            .RequireOperatorKey()
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(
                StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, StatusCodes.Status404NotFound,
                StatusCodes.Status409Conflict, StatusCodes.Status503ServiceUnavailable)
            .CheckParameters();
    }

    private static async Task<Ok<OverrideList>> GetOverridesAsync(OverrideStore overrides, CancellationToken cancellationToken) =>
        TypedResults.Ok(new OverrideList(await overrides.ReadAsync(pair: null, cancellationToken)));

    private static async Task<Results<Ok<OverrideResponse>, NotFound>> GetOverrideAsync(
        [AsParameters] OverridePath path, OverrideStore overrides, CancellationToken cancellationToken) =>
        await FindAsync(overrides, path.Pair, cancellationToken) is { } found ? TypedResults.Ok(found) : TypedResults.NotFound();

    private static async Task<IResult> PutOverrideAsync(
        HttpContext context, [AsParameters] OverridePath path, OverrideRequest request, OverrideStore overrides,
        CancellationToken cancellationToken)
    {
        var reason = request.Reason?.Trim();
        var wrong = new QueryErrors();
        if (request.IsSame is null)
        {
            wrong.Add("is_same", "must be true or false");
        }

        if (reason is not { Length: > 0 and <= OverrideRequest.MaxReasonLength } || reason.Contains('\0', StringComparison.Ordinal))
        {
            wrong.Add("reason", $"must be 1 to {OverrideRequest.MaxReasonLength} printable characters");
        }

        if (path.ListingId == path.OtherId)
        {
            wrong.Add("other_id", "must be another listing");
        }

        if (wrong.Any)
        {
            return Problems.Invalid(wrong);
        }

        if (!await overrides.AreListedAsync(path.Pair, cancellationToken))
        {
            return TypedResults.NotFound();
        }

        var before = await FindAsync(overrides, path.Pair, cancellationToken);
        if (before is { Origin: IdentityOverride.FromFile } && before.IsSame != request.IsSame)
        {
            return SaysOtherwise();
        }

        await overrides.AddAsync(path.Pair, request.IsSame, reason, GetOperatorName(context), context.TraceIdentifier, cancellationToken);
        var after = await FindAsync(overrides, path.Pair, cancellationToken);
        return before?.IsSame is not null
            ? TypedResults.Ok(after)
            : TypedResults.Created($"{OverridesPath}/{path.Pair.ListingId}/{path.Pair.OtherId}", after);
    }

    private static async Task<IResult> DeleteOverrideAsync(
        HttpContext context, [AsParameters] OverridePath path, OverrideStore overrides, CancellationToken cancellationToken)
    {
        switch (await FindAsync(overrides, path.Pair, cancellationToken))
        {
            case null or { IsSame: null }:
                return TypedResults.NotFound();
            case { Origin: IdentityOverride.FromFile }:
                return SaysOtherwise();
            default:
                await overrides.AddAsync(
                    path.Pair, isSame: null, reason: null, GetOperatorName(context), context.TraceIdentifier, cancellationToken);
                return TypedResults.NoContent();
        }
    }

    private static async Task<OverrideResponse?> FindAsync(
        OverrideStore overrides, ListingPair pair, CancellationToken cancellationToken) =>
        (await overrides.ReadAsync(pair, cancellationToken)).SingleOrDefault();

    private static IResult SaysOtherwise() =>
        Problems.Result(StatusCodes.Status409Conflict, "The reviewed overrides file decides about this pair; change it there.");

    /// <summary>Gets the name of the key that admitted the request; nobody reaches the route without one.</summary>
    private static string GetOperatorName(HttpContext context) =>
        context.User.Identity?.Name ?? throw new InvalidOperationException("A route that writes was reached without an operator key.");
}
