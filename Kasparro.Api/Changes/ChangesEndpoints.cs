using Kasparro.Api.Docs;
using Kasparro.Api.Http;

namespace Kasparro.Api.Changes;

internal static class ChangesEndpoints
{
    public static void AddChanges(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ChangesReader>();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ChangesJson.Default));
    }

    public static void MapChanges(this WebApplication app) =>
        app.MapRead("/changes", GetAsync)
            .WithName("GetChanges")
            .WithSummary("Show what changed since a version")
            .WithDescription(
                "For clients that keep a copy: begin with /export, whose X-Catalogue-Version is the first since, and continue with " +
                "next_since. An asset is shown as it " +
                "is now, so that one that changed again may come again. A merged asset is among the removed, with the one it became part " +
                "of. 410 means that the copy " +
                "is too old, or that the catalogue was restored from a backup or failed over to a server that lacks what the copy has: " +
                "begin again with /export.")
            .WithTags("Catalogue")
            .CheckParameters()
            .Produces<ChangesResponse>()
            .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status410Gone, StatusCodes.Status503ServiceUnavailable)
            .AddOpenApiOperationTransformer(ChangesDocs.DescribeAsync);

    private static async Task<IResult> GetAsync([AsParameters] ChangesRequest request, ChangesReader changes,
        CancellationToken cancellationToken) =>
        await changes.ReadAsync(request.Since ?? default, request.Limit?.Value ?? ChangesRequest.DefaultLimit,
            cancellationToken) is { } page
            ? TypedResults.Json(page, ChangesJson.Default.ChangesResponse)
            : Problems.Result(StatusCodes.Status410Gone);
}
