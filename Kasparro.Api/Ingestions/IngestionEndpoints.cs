using Kasparro.Api.Docs;
using Kasparro.Api.Errors;
using Kasparro.Api.Requests;
using Microsoft.AspNetCore.Mvc;

namespace Kasparro.Api.Ingestions;

internal static class IngestionEndpoints
{
    private const string Path = "/ingestions";
    private const string SourceName = "source";

    public static void AddIngestions(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IngestionOrderStore>();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, IngestionJson.Default));
    }

    public static void MapIngestions(this WebApplication app)
    {
        app.MapPost(Path, OrderAsync)
            .WithName("OrderIngestion")
            .WithSummary("Read the sources now")
            .WithDescription(
                "Requests an ingestion of all sources or of one; the next free worker starts it. Location names the resource that shows its progress. 409 while an ingestion " +
                "runs or another request waits.")
            .WithTags("Operation")
            .RequireOperatorKey()
            .Produces(StatusCodes.Status202Accepted, IngestionResponse.Example)
            .WithResponseHeader(StatusCodes.Status202Accepted, "Location", "The ingestion.")
            .ProducesProblems(
                StatusCodes.Status400BadRequest, StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, StatusCodes.Status409Conflict,
                StatusCodes.Status503ServiceUnavailable);

        app.MapRead($"{Path}/{{ingestion_id}}", GetAsync)
            .WithName("GetIngestion")
            .WithSummary("Show a requested ingestion")
            .WithDescription("Whether a worker has started it, and its runs.")
            .WithTags("Operation")
            .Produces(StatusCodes.Status200OK, IngestionResponse.Example)
            .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable)
            .RefusingParameters();
    }

    private static async Task<IResult> OrderAsync(HttpContext context, IngestionOrderStore orders, CancellationToken cancellationToken)
    {
        var wrong = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var (name, values) in context.Request.Query)
        {
            if (name != SourceName)
            {
                wrong.Add(name, [$"is not a parameter of this resource; that is {SourceName}"]);
            }
            else if (values.Count > 1 || !SourceNames.All.Contains(values.ToString(), StringComparer.Ordinal))
            {
                wrong.Add(name, [$"must be one of {string.Join(", ", SourceNames.All)}"]);
            }
        }

        if (wrong.Count > 0)
        {
            await Problems.WriteInvalidQueryAsync(context, wrong);
            return Results.Empty;
        }

        if (await orders.OrderAsync(context.Request.Query[SourceName], cancellationToken) is { } order)
        {
            context.Response.Headers.Location = $"{Path}/{order.IngestionId}";
            return TypedResults.Json(order, IngestionJson.Default.IngestionResponse, statusCode: StatusCodes.Status202Accepted);
        }

        return TypedResults.StatusCode(StatusCodes.Status409Conflict);
    }

    private static async Task<IResult> GetAsync(
        HttpContext context, [FromRoute(Name = "ingestion_id")] string ingestionId, IngestionOrderStore orders, CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(ingestionId, "D", out var id))
        {
            await Problems.WriteInvalidQueryAsync(
                context, new Dictionary<string, string[]>(StringComparer.Ordinal) { ["ingestion_id"] = ["must be a UUID"] });
            return Results.Empty;
        }

        context.Response.Headers.CacheControl = "no-store";
        return await orders.FindAsync(id, cancellationToken) is { } order
            ? TypedResults.Json(order, IngestionJson.Default.IngestionResponse)
            : TypedResults.NotFound();
    }
}
