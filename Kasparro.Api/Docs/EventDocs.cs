using Kasparro.Api.Events;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Kasparro.Api.Docs;

/// <summary>The events of <c>/events</c>.</summary>
internal static class EventDocs
{
    private const string Example = """
        event: catalogue
        data: {"version":813,"changed_at":"2026-11-20T12:00:00Z"}
        id: 813.8dea72c75c6d400-638992224000000000
        retry: 2000

        event: run
        data: {"run_id":"019a9c3e-8c00-7000-8000-000000000001","ingestion_id":"019a9c3e-8c00-7000-8000-000000000000","source":"coinpaprika","status":"completed","started_at":"2026-11-20T11:59:00Z","finished_at":"2026-11-20T12:00:00Z","pages":12,"records_read":11873}
        id: 813.8dea72c75c6d400-638992224000000000
        retry: 2000


        """;

    public static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.Parameters =
        [
            new OpenApiParameter
            {
                Name = EventsEndpoints.LastEventId,
                In = ParameterLocation.Header,
                Description = "The id of the last event that you got; anything else begins anew.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            },
        ];
        operation.Responses!["200"] = new OpenApiResponse();
        operation.Describe("{}", ("page", "is not a parameter of this resource; it has none"));
        ((OpenApiResponse)operation.Responses["200"]).Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
        {
            [EventsEndpoints.ContentType] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String }, Example = Example },
        };
        return Task.CompletedTask;
    }
}
