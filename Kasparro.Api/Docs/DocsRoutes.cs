using System.Text.Json;
using System.Text.Json.Serialization;
using Scalar.AspNetCore;

namespace Kasparro.Api.Docs;

/// <summary>The OpenAPI document and the page that shows it; neither asks anything of another host.</summary>
internal static class DocsRoutes
{
    private const string ContentSecurityPolicy =
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
        "connect-src 'self'; frame-ancestors 'none'";

    public static void AddDocs(this WebApplicationBuilder builder)
    {
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;

            // A number is a number: else the document would say that it may be a string, and generated clients would believe it.
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        builder.Services.AddOpenApi(options => options
            .AddOperationTransformer(OperatorDocs.DescribeAsync)
            .AddDocumentTransformer(DocumentDocs.DescribeAsync));
    }

    public static void MapDocs(this WebApplication app)
    {
        // Named in full: with the name as a parameter, an unknown one is answered in plain text.
        app.MapOpenApi("/openapi/v1.json");
        app.MapScalarApiReference("/docs", scalar =>
            {
                scalar.Title = "Kasparro API";
                scalar.DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp().HideClientButton().WithProxy(null!);
            })
            .AddEndpointFilter(async (invocation, next) =>
            {
                invocation.HttpContext.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
                return await next(invocation);
            });
    }
}
