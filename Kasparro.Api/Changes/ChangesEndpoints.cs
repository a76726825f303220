using Kasparro.Api.Docs;
using Kasparro.Api.Http;

namespace Kasparro.Api.Changes;

internal static class ChangesEndpoints
{
    public static void AddChanges(this WebApplicationBuilder builder) => builder.Services.AddSingleton<ChangesReader>();

    public static void MapChanges(this WebApplication app) =>
        app.MapRead("/changes", GetAsync)
            .WithName("GetChanges")
            .WithSummary("Show the changes since a version")
            .WithDescription(
                "For clients that keep a copy: start with /export, whose X-Catalogue-Version is the first since, and continue with " +
                "next_since. Assets are shown in their current state, so an asset that changes again comes again. A merged asset is in " +
                "removed, with the asset that it was merged into. 410 means that the copy is too old, or that the catalogue was restored " +
                "from a backup or failed over to a server that lacks what the copy has: start again with /export.")
            .WithTags("Catalogue")
            .CheckParameters()
            .Produces(StatusCodes.Status200OK, ChangesResponse.Example)
            .ProducesProblems(StatusCodes.Status410Gone, StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> GetAsync([AsParameters] ChangesRequest request, ChangesReader changes,
        CancellationToken cancellationToken) =>
        await changes.ReadAsync(request.Since ?? default, request.Limit ?? ChangesRequest.DefaultLimit,
            cancellationToken) is { } page
            ? TypedResults.Ok(page)
            : Problems.Result(StatusCodes.Status410Gone);
}
