using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Kasparro.Api.Docs;

/// <summary>Completes the OpenAPI document of the vendors' routes.</summary>
internal sealed class VendorDocumentDocs : IOpenApiDocumentTransformer
{
    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        DocumentDocs.Introduce(
            document,
            "Kasparro API: CoinGecko's and CoinPaprika's routes",
            "The vendors' own APIs, answered from the catalogue. The vendors' terms continue to apply to their data: own use, with " +
            "attribution. docs/compatibility.md says of each field whether it is the vendor's, null or absent.");
        document.Tags = new HashSet<OpenApiTag>
        {
            new() { Name = "CoinGecko", Description = "CoinGecko's API, v3." },
            new() { Name = "CoinPaprika", Description = "CoinPaprika's API, v1." },
        };
        return Task.CompletedTask;
    }
}
