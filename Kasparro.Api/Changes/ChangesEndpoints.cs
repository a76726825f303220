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
            .WithSummary("Show what moved since a version")
            .WithDescription(
                "For clients that keep a copy: begin with /export, whose X-Catalogue-Version is the first since, and go on with next_since. An asset is shown as it " +
                "is now, so that one that changed again may come again. A merged asset is among the removed, with the one it became part of. 410 means that the " +
                "copy is too old: begin anew.")
            .WithTags("Catalogue")
            .Produces<ChangesResponse>()
            .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status410Gone, StatusCodes.Status503ServiceUnavailable)
            .AddOpenApiOperationTransformer(ChangesDocs.DescribeAsync);

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
