using Kasparro.Api.Docs;
using Kasparro.Api.Errors;
using Kasparro.Api.Requests;
using Kasparro.Data.Catalogue;
using Microsoft.AspNetCore.Mvc;

namespace Kasparro.Api.Identity;

internal static class IdentityEndpoints
{
    private const int MaxReasonLength = 500;
    private const string OverridesPath = "/identity/overrides";
    private const string OverridePath = $"{OverridesPath}/{{listing_id}}/{{other_id}}";

    public static void AddIdentity(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ConflictReader>();
        builder.Services.AddSingleton<OverrideStore>();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, IdentityResponsesJson.Default));
    }

    public static void MapIdentity(this WebApplication app)
    {
        app.MapRead("/identity/conflicts", GetConflictsAsync)
            .WithName("GetIdentityConflicts")
            .WithSummary("List conflicts")
            .WithDescription("Pairs of listings that a rule would merge and that a veto, an ambiguity or an override keeps apart. The most likely merges come first.")
            .WithTags("Identity")
            .Produces(StatusCodes.Status200OK, ConflictPage.Example)
            .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status503ServiceUnavailable);

        app.MapRead(OverridesPath, GetOverridesAsync)
            .WithName("GetIdentityOverrides")
            .WithSummary("List overrides")
            .WithDescription("The overrides of the reviewed file, and those of operators with name, time and reason.")
            .WithTags("Identity")
            .Produces(StatusCodes.Status200OK, OverrideList.Example)
            .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status503ServiceUnavailable)
            .RefusingParameters();

        app.MapRead(OverridePath, GetOverrideAsync)
            .WithName("GetIdentityOverride")
            .WithSummary("Show the override of two listings")
            .WithDescription("The override of one pair of listings.")
            .WithTags("Identity")
            .Produces(StatusCodes.Status200OK, OverrideResponse.Example)
            .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable)
            .RefusingParameters();

        app.MapPut(OverridePath, PutOverrideAsync)
            .WithName("PutIdentityOverride")
            .WithSummary("Set the override of two listings")
            .WithDescription(
                "States that two listings are one asset, or that they are not, regardless of the evidence. The next ingestion applies it; applied tells whether " +
                "it has. Quotes follow their listings. Each change is kept with its reason.")
            .WithTags("Identity")
            .RequireOperatorKey()
            .Produces(StatusCodes.Status200OK, OverrideResponse.Example)
            .Produces(StatusCodes.Status201Created, OverrideResponse.Example)
            .WithResponseHeader(StatusCodes.Status201Created, "Location", "The override.")
            .ProducesProblems(
                StatusCodes.Status400BadRequest, StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, StatusCodes.Status404NotFound,
                StatusCodes.Status409Conflict, StatusCodes.Status503ServiceUnavailable)
            .RefusingParameters();

        app.MapDelete(OverridePath, DeleteOverrideAsync)
            .WithName("DeleteIdentityOverride")
            .WithSummary("Remove the override of two listings")
            .WithDescription("From the next ingestion on, the evidence decides about the two listings again.")
            .WithTags("Identity")
            .RequireOperatorKey()
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(
                StatusCodes.Status400BadRequest, StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, StatusCodes.Status404NotFound,
                StatusCodes.Status409Conflict, StatusCodes.Status503ServiceUnavailable)
            .RefusingParameters();
    }

    private static async Task<IResult> GetConflictsAsync(HttpContext context, ConflictReader conflicts, CancellationToken cancellationToken) =>
        ConflictQuery.TryParse(context.Request.Query, out var query, out var errors)
            ? TypedResults.Json(await conflicts.ReadAsync(query, cancellationToken), IdentityResponsesJson.Default.ConflictPage)
            : await RefuseAsync(context, errors);

    private static async Task<IResult> GetOverridesAsync(OverrideStore overrides, CancellationToken cancellationToken) =>
        TypedResults.Json(new OverrideList(await overrides.ReadAsync(pair: null, cancellationToken)), IdentityResponsesJson.Default.OverrideList);

    private static async Task<IResult> GetOverrideAsync(
        HttpContext context,
        [FromRoute(Name = "listing_id")] string listingId,
        [FromRoute(Name = "other_id")] string otherId,
        OverrideStore overrides,
        CancellationToken cancellationToken)
    {
        if (!ListingPair.TryParse(listingId, otherId, out var pair, out var errors))
        {
            return await RefuseAsync(context, errors);
        }

        return await FindAsync(overrides, pair, cancellationToken) is { } found
            ? TypedResults.Json(found, IdentityResponsesJson.Default.OverrideResponse)
            : TypedResults.NotFound();
    }

    private static async Task<IResult> PutOverrideAsync(
        HttpContext context,
        [FromRoute(Name = "listing_id")] string listingId,
        [FromRoute(Name = "other_id")] string otherId,
        OverrideRequest request,
        OverrideStore overrides,
        CancellationToken cancellationToken)
    {
        var reason = request.Reason?.Trim();
        var wrong = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (request.IsSame is null)
        {
            wrong.Add("is_same", ["must be true or false"]);
        }

        if (reason is not { Length: > 0 and <= MaxReasonLength } || reason.Contains('\0', StringComparison.Ordinal))
        {
            wrong.Add("reason", [$"must be a text of at most {MaxReasonLength} characters"]);
        }

        if (!ListingPair.TryParse(listingId, otherId, out var pair, out var errors))
        {
            foreach (var (name, what) in errors)
            {
                wrong.Add(name, what);
            }
        }

        if (wrong.Count > 0)
        {
            return await RefuseAsync(context, wrong);
        }

        if (!await overrides.AreListedAsync(pair, cancellationToken))
        {
            return TypedResults.NotFound();
        }

        var before = await FindAsync(overrides, pair, cancellationToken);
        if (before is { Origin: IdentityOverride.FromFile } && before.IsSame != request.IsSame)
        {
            return TypedResults.Conflict();
        }

        await overrides.AddAsync(pair, request.IsSame, reason, NameOf(context), context.TraceIdentifier, cancellationToken);
        var after = await FindAsync(overrides, pair, cancellationToken);
        if (before?.IsSame is not null)
        {
            return TypedResults.Json(after!, IdentityResponsesJson.Default.OverrideResponse);
        }

        context.Response.Headers.Location = $"{OverridesPath}/{pair.ListingId}/{pair.OtherId}";
        return TypedResults.Json(after!, IdentityResponsesJson.Default.OverrideResponse, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> DeleteOverrideAsync(
        HttpContext context,
        [FromRoute(Name = "listing_id")] string listingId,
        [FromRoute(Name = "other_id")] string otherId,
        OverrideStore overrides,
        CancellationToken cancellationToken)
    {
        if (!ListingPair.TryParse(listingId, otherId, out var pair, out var errors))
        {
            return await RefuseAsync(context, errors);
        }

        switch (await FindAsync(overrides, pair, cancellationToken))
        {
            case null or { IsSame: null }:
                return TypedResults.NotFound();
            case { Origin: IdentityOverride.FromFile }:
                return TypedResults.Conflict();
            default:
                await overrides.AddAsync(pair, isSame: null, reason: null, NameOf(context), context.TraceIdentifier, cancellationToken);
                return TypedResults.NoContent();
        }
    }

    private static async Task<OverrideResponse?> FindAsync(OverrideStore overrides, ListingPair pair, CancellationToken cancellationToken) =>
        (await overrides.ReadAsync(pair, cancellationToken)).SingleOrDefault();

    private static async Task<IResult> RefuseAsync(HttpContext context, IReadOnlyDictionary<string, string[]> errors)
    {
        await Problems.WriteInvalidQueryAsync(context, errors);
        return Results.Empty;
    }

    /// <summary>Which key let the request in; the route has no other way in.</summary>
    private static string NameOf(HttpContext context) =>
        context.User.Identity?.Name ?? throw new InvalidOperationException("A route that writes was reached without an operator key.");
}
