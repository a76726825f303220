using System.ComponentModel;
using Kasparro.Api.Docs;
using Kasparro.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Kasparro.Api.Runs;

internal static class RunEndpoints
{
    public static void AddRuns(this WebApplicationBuilder builder) => builder.Services.AddSingleton<RunReader>();

    public static void MapRuns(this WebApplication app)
    {
        app.MapRead("/runs", ([AsParameters] RunsRequest request, RunReader runs, CancellationToken cancellationToken) =>
                runs.ReadAsync(request, cancellationToken))
            .WithName("ListRuns")
            .WithSummary("List runs")
            .WithDescription("Runs, the newest first. A run is one source's part of one ingestion.")
            .WithTags("Operation")
            .Produces(StatusCodes.Status200OK, RunPage.Example)
            .ProducesProblems(StatusCodes.Status503ServiceUnavailable)
            .CheckParameters();

        app.MapRead("/runs/{run_id}", GetAsync)
            .WithName("GetRun")
            .WithSummary("Show a run")
            .WithDescription(
                "A run with its checkpoints, the differences of its records from the known schema, and the reasons for rejected " +
                "records.")
            .WithTags("Operation")
            .Produces(StatusCodes.Status200OK, RunResponse.Example)
            .ProducesProblems(StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable)
            .CheckParameters();

        app.MapRead("/compare-runs", CompareAsync)
            .WithName("CompareRuns")
            .WithSummary("Compare two runs")
            .WithDescription(
                "Counts, fields and price level of two runs, the listings that were added between them, and the prices that moved most.")
            .WithTags("Operation")
            .Produces(StatusCodes.Status200OK, RunComparison.Example)
            .ProducesProblems(StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable)
            .CheckParameters();
    }

    private static async Task<Results<Ok<RunResponse>, NotFound>> GetAsync(
        [FromRoute(Name = "run_id"), Description("The run's id, as in /runs, /stats and log lines.")] Guid id,
        RunReader runs,
        CancellationToken cancellationToken) =>
        await runs.ReadAsync(id, cancellationToken) is { } run ? TypedResults.Ok(run) : TypedResults.NotFound();

    private static async Task<Results<Ok<RunComparison>, NotFound>> CompareAsync(
        [FromQuery(Name = "a"), Description("The id of one run.")] Guid a,
        [FromQuery(Name = "b"), Description("The id of the other run.")] Guid b,
        RunReader runs,
        CancellationToken cancellationToken) =>
        await runs.CompareAsync(a, b, cancellationToken) is { } comparison
            ? TypedResults.Ok(comparison)
            : TypedResults.NotFound();
}
