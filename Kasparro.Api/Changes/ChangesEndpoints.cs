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
            .WithSummary("Show the changes since a version")
            .WithDescription(
                "For clients that keep a copy: start with /export, whose X-Catalogue-Version is the first since, and continue with next_since. Assets are shown in their " +
                "current state, so an asset that changes again comes again. A merged asset is in removed, with the asset that it was merged into. 410 means that the " +
                "copy is too old: start again with /export.")
            .WithTags("Catalogue")
            .Produces(StatusCodes.Status200OK, ChangesResponse.Example)
            .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status410Gone, StatusCodes.Status503ServiceUnavailable)
            .DescribeParameters<ChangesParameters>();

    private static async Task<IResult> GetAsync(HttpContext context, ChangesReader changes, CancellationToken cancellationToken)
    {
        if (!ChangesQuery.TryParse(context.Request.Query, out var query, out var errors))
        {
            await Problems.WriteInvalidQueryAsync(context, errors);
            return Results.Empty;
        }

        var answer = await changes.ReadAsync(query, cancellationToken);
        if (answer.Changes is { } page)
        {
            return TypedResults.Json(page, ChangesJson.Default.ChangesResponse);
        }

        await (answer.IsKnown
            ? Problems.WriteAsync(context, StatusCodes.Status410Gone)
            : Problems.WriteInvalidQueryAsync(context, new Dictionary<string, string[]>(StringComparer.Ordinal)
            {
                [ChangesQuery.SinceName] = [ChangesQuery.UnknownVersion],
            }));
        return Results.Empty;
    }
}
