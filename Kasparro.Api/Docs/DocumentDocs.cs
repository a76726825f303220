using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Kasparro.Api.Docs;

/// <summary>What the document says as a whole, and <c>/alive</c>, which is mapped by the service defaults.</summary>
internal static class DocumentDocs
{
    public static Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Kasparro API",
            Version = "v1",
            Description = "The catalogue of crypto assets that Kasparro unifies from CoinPaprika, CoinGecko and CSV files. Errors are RFC 9457 problem documents.",
        };

        // Relative to where the document was fetched: what the server calls itself is not always what clients call it.
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>([OperatorDocs.SecurityScheme], StringComparer.Ordinal);

        // Of ASP.NET's own type for events, which EventDocs describes as the text that they are.
        document.Components.Schemas?.Remove("SseItemOfstring");
        document.Paths["/alive"] = new OpenApiPathItem
        {
            Operations = new Dictionary<HttpMethod, OpenApiOperation>
            {
                [HttpMethod.Get] = new()
                {
                    OperationId = "GetAlive",
                    Summary = "Show that the process runs",
                    Description = "200 while the process runs, whatever it depends on.",
                    Tags = new HashSet<OpenApiTagReference> { new("Operation", document) },
                    Responses = new OpenApiResponses
                    {
                        ["200"] = new OpenApiResponse
                        {
                            Description = "The process runs.",
                            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                            {
                                ["text/plain"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String }, Example = "Healthy" },
                            },
                        },
                    },
                },
            },
        };
        return Task.CompletedTask;
    }
}
