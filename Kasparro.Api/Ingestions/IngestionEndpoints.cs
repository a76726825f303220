using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Kasparro.Api.Docs;
using Kasparro.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Kasparro.Api.Ingestions;

internal static class IngestionEndpoints
{
    private const string Path = "/ingestions";

    public static void AddIngestions(this WebApplicationBuilder builder) => builder.Services.AddSingleton<IngestionOrderStore>();

    public static void MapIngestions(this WebApplication app)
    {
        app.MapPost(Path, OrderAsync)
            .WithName("OrderIngestion")
            .WithSummary("Read the sources now")
            .WithDescription(
                "Requests an ingestion of all sources or of one; the next free worker starts it. Location names the resource that shows " +
                "its progress. 409 while an ingestion runs or another request waits.")
            .WithTags("Operation")
            .RequireOperatorKey()
            .Produces(StatusCodes.Status202Accepted, IngestionResponse.Example)
            .WithResponseHeader(StatusCodes.Status202Accepted, "Location", "The ingestion.")
            .ProducesProblems(
                StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, StatusCodes.Status409Conflict,
                StatusCodes.Status503ServiceUnavailable)
            .CheckParameters();

        app.MapRead($"{Path}/{{ingestion_id}}", GetAsync)
            .WithName("GetIngestion")
            .WithSummary("Show a requested ingestion")
            .WithDescription("Whether a worker has started it, and its runs.")
            .WithTags("Operation")
            .Produces(StatusCodes.Status200OK, IngestionResponse.Example)
            .ProducesProblems(StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable)
            .CheckParameters();
    }

    private static async Task<IResult> OrderAsync(
        [FromQuery(Name = "source"), Description("The source to read. By default all sources.")]
        [AllowedValues(SourceNames.CoinPaprika, SourceNames.CoinGecko, SourceNames.Csv)]
        string? source,
        IngestionOrderStore orders,
        CancellationToken cancellationToken) =>
        await orders.OrderAsync(source, cancellationToken) is { } order
            ? TypedResults.Accepted($"{Path}/{order.IngestionId}", order)
            : Problems.Result(StatusCodes.Status409Conflict, "An ingestion is running or ordered already.");

    private static async Task<Results<Ok<IngestionResponse>, NotFound>> GetAsync(
        [FromRoute(Name = "ingestion_id"), Description("The ingestion's id, as in the Location of its request.")] Guid id,
        IngestionOrderStore orders,
        CancellationToken cancellationToken) =>
        await orders.FindAsync(id, cancellationToken) is { } order ? TypedResults.Ok(order) : TypedResults.NotFound();
}
