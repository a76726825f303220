using Kasparro.Api.Docs;
using Kasparro.Api.Http;
using Microsoft.AspNetCore.Mvc;

namespace Kasparro.Api.Runs;

internal static class RunEndpoints
{
    public static void AddRuns(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<RunReader>();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, RunsJson.Default));
    }

    public static void MapRuns(this WebApplication app)
    {
        app.MapRead("/runs", ListAsync)
            .WithName("ListRuns")
            .WithSummary("List what ran")
            .WithDescription("Runs, the newest first. A run is one source's part of one ingestion.")
            .WithTags("Operation")
            .Produces<RunPage>()
            .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status503ServiceUnavailable)
            .AddOpenApiOperationTransformer(RunsDocs.DescribeListAsync);

        app.MapRead("/runs/{run_id}", GetAsync)
            .WithName("GetRun")
            .WithSummary("Show a run")
            .WithDescription("A run with its checkpoints, with how its records differed from what is known, and why records were kept aside.")
            .WithTags("Operation")
            .Produces<RunResponse>()
            .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable)
            .RefusingParameters()
            .AddOpenApiOperationTransformer(RunsDocs.DescribeRunAsync);

        app.MapRead("/compare-runs", CompareAsync)
            .WithName("CompareRuns")
            .WithSummary("Compare two runs")
            .WithDescription("Counts, fields and price level of two runs, the listings that came between them, and the prices that moved most.")
            .WithTags("Operation")
            .Produces<RunComparison>()
            .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable)
            .AddOpenApiOperationTransformer(RunsDocs.DescribeComparisonAsync);
    }

    private static async Task<IResult> CompareAsync(HttpContext context, RunReader runs, CancellationToken cancellationToken)
    {
        var given = context.Request.Query;
        var wrong = given.Keys.Where(name => name is not ("a" or "b"))
            .ToDictionary(name => name, _ => new[] { "is not a parameter of this resource; those are a, b" }, StringComparer.Ordinal);
        if (!Guid.TryParseExact(given["a"].ToString(), "D", out var a))
        {
            wrong["a"] = ["must be a UUID"];
        }

        if (!Guid.TryParseExact(given["b"].ToString(), "D", out var b))
        {
            wrong["b"] = ["must be a UUID"];
        }

        if (wrong.Count > 0)
        {
            await Problems.WriteInvalidQueryAsync(context, wrong);
            return Results.Empty;
        }

        return await runs.CompareAsync(a, b, cancellationToken) is { } comparison
            ? TypedResults.Json(comparison, RunsJson.Default.RunComparison)
            : TypedResults.NotFound();
    }

    private static async Task<IResult> ListAsync(HttpContext context, RunReader runs, CancellationToken cancellationToken)
    {
        if (RunsRequest.TryParse(context.Request.Query, out var query, out var errors))
        {
            return TypedResults.Json(await runs.ReadAsync(query, cancellationToken), RunsJson.Default.RunPage);
        }

        await Problems.WriteInvalidQueryAsync(context, errors);
        return Results.Empty;
    }

    private static async Task<IResult> GetAsync(
        HttpContext context, [FromRoute(Name = "run_id")] string runId, RunReader runs, CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(runId, "D", out var id))
        {
            await Problems.WriteInvalidQueryAsync(context, new Dictionary<string, string[]>(StringComparer.Ordinal) { ["run_id"] = ["must be a UUID"] });
            return Results.Empty;
        }

        return await runs.ReadAsync(id, cancellationToken) is { } run ? TypedResults.Json(run, RunsJson.Default.RunResponse) : TypedResults.NotFound();
    }
}
