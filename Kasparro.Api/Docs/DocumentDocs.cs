using Kasparro.Api.Catalogue;
using Kasparro.Api.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Kasparro.Api.Docs;

/// <summary>Completes the OpenAPI document as a whole, and adds <c>/alive</c>, which the service defaults map as a health check.</summary>
internal sealed class DocumentDocs : IOpenApiDocumentTransformer
{
    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        Introduce(
            document,
            "Kasparro API",
            "The catalogue of crypto assets that Kasparro unifies from CoinPaprika, CoinGecko and CSV files. Errors are RFC 9457 problem "
                + "documents. A parameter without a value is one that is not given; an unknown parameter is an error, except _, which "
                + "scripts send to bypass caches.");
        document.Tags = new HashSet<OpenApiTag>
        {
            new() { Name = "Catalogue", Description = "Assets, prices and their history." },
            new() { Name = "Identity", Description = "Which listings are one asset, and what operators decided about it." },
            new() { Name = "Operation", Description = "Ingestion runs, data quality and the health of the service." },
        };
        document.Components!.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            [OperationDocs.OperatorKey] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = OperatorKeyExtensions.Header,
                Description =
                    "An operator's key: the setting Operator__Key of the service, or Operator__PreviousKey while keys are changed.",
            },
        };

        // Removes the schemas of ASP.NET's event type and of parameter types: the document describes both as plain strings.
        var parameterTypes = context.DescriptionGroups.SelectMany(group => group.Items)
            .SelectMany(endpoint => endpoint.ActionDescriptor.EndpointMetadata.OfType<RequestParameters>())
            .SelectMany(parameters => parameters.All.Select(parameter => parameter.Type.Name));
        foreach (var unused in parameterTypes.Concat(
            ["SseItemOfstring", nameof(IdentifierKind), nameof(TokenContract), nameof(CatalogueStamp)]))
        {
            document.Components.Schemas?.Remove(unused);
        }

        // A row has the requested fields and, in another currency, price instead of price_usd.
        ((OpenApiSchema)document.Components.Schemas![nameof(DataRow)]).Required = null;

        document.Paths["/alive"] = new OpenApiPathItem
        {
            Operations = new Dictionary<HttpMethod, OpenApiOperation>
            {
                [HttpMethod.Get] = new()
                {
                    OperationId = "GetAlive",
                    Summary = "Show that the process runs",
                    Description = "200 while the process runs, regardless of the services that it depends on.",
                    Tags = new HashSet<OpenApiTagReference> { new("Operation", document) },
                    Security = [],
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
                        ["405"] = new OpenApiResponse { Description = "Only GET and HEAD are allowed." },
                    },
                },
            },
        };
        return Task.CompletedTask;
    }

    /// <summary>Sets the title and description, and what all documents of this service have in common.</summary>
    public static void Introduce(OpenApiDocument document, string title, string description)
    {
        document.Info = new OpenApiInfo
        {
            Title = title,
            Version = "v1",
            Description = description,
            Contact = new OpenApiContact { Name = "The operator of this service" },
            License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
        };

        // Relative to where the document was fetched: the server's own name is not always the one that clients use.
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Components ??= new OpenApiComponents();
        document.Components.Headers = OperationDocs.SharedHeaders();
    }
}
