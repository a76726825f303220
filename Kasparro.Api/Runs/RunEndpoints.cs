using Kasparro.Api.Docs;
using Kasparro.Api.Errors;
using Kasparro.Api.Requests;
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
            .WithSummary("List runs")
            .WithDescription("Runs, the newest first. A run is one source's part of one ingestion.")
            .WithTags("Operation")
            .Produces(StatusCodes.Status200OK, RunPage.Example)
            .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status503ServiceUnavailable);

        app.MapRead("/runs/{run_id}", GetAsync)
            .WithName("GetRun")
            .WithSummary("Show a run")
            .WithDescription("A run with its checkpoints, the differences of its records from the known schema, and the reasons for rejected records.")
            .WithTags("Operation")
            .Produces(StatusCodes.Status200OK, RunResponse.Example)
            .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable)
            .RefusingParameters();

        app.MapRead("/compare-runs", CompareAsync)
            .WithName("CompareRuns")
            .WithSummary("Compare two runs")
            .WithDescription("Counts, fields and price level of two runs, the listings that were added between them, and the prices that moved most.")
            .WithTags("Operation")
            .Produces(StatusCodes.Status200OK, RunComparison.Example)
            .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable);
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
