using Kasparro.Api.Http;
using Microsoft.AspNetCore.OpenApi;
using Scalar.AspNetCore;

namespace Kasparro.Api.Docs;

/// <summary>The OpenAPI documents and the page that shows them; neither loads anything from another host.</summary>
internal static class DocsEndpoints
{
    private const string ContentSecurityPolicy =
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; " +
        "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

    // Some of Scalar's colours have too little contrast (WCAG 2.2, 1.4.3), and its page does not declare its language (3.1.1).
    private const string Contrast =
        ".light-mode { --scalar-color-2: #454545; --scalar-color-3: #5c5c5c; --scalar-color-orange: #a84300; " +
        "--scalar-color-green: #0a6e45; --scalar-color-red: #b3261e; --scalar-color-blue: #0b5cb5; --scalar-color-yellow: #7a5b00 } " +
        ".dark-mode { --scalar-color-2: #c4c4c4; --scalar-color-3: #a8a8a8 }";

    private const string Language = "<script>document.documentElement.lang = 'en'</script>";

    public static void AddDocs(this WebApplicationBuilder builder)
    {
        builder.Services.AddOpenApi(VendorRoutes.DocumentName, options => options
            .DescribingGetOnly(VendorRoutes.DocumentName)
            .AddOperationTransformer<OperationDocs>()
            .AddDocumentTransformer<VendorDocumentDocs>());
        builder.Services.AddOpenApi(options => options
            .DescribingGetOnly(groupName: null)
            .AddOperationTransformer<OperationDocs>()
            .AddDocumentTransformer<DocumentDocs>());
    }

    public static void MapDocs(this WebApplication app)
    {
        // The names are fixed: with a name as a parameter, an unknown one gets a plain-text response.
        app.MapOpenApi("/openapi/v1.json").AllowHead();
        app.MapOpenApi($"/openapi/{{documentName:regex(^{VendorRoutes.DocumentName}$)}}.json").AllowHead();
        app.MapScalarApiReference("/docs", scalar =>
            {
                scalar.Title = "Kasparro API";
                scalar.DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp().HideClientButton().HideDeveloperTools()
                    .WithProxy(null!);
                scalar.AddDocument("v1", "Kasparro").AddDocument(VendorRoutes.DocumentName, "CoinGecko and CoinPaprika");
                scalar.WithCustomCss(Contrast).AddHeadContent(Language);
            })
            .AllowHead()
            .AddEndpointFilter(async (invocation, next) =>
            {
                invocation.HttpContext.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
                return await next(invocation);
            });
    }

    // Routes for GET respond to HEAD as well, which the document does not repeat.
    private static OpenApiOptions DescribingGetOnly(this OpenApiOptions options, string? groupName)
    {
        options.ShouldInclude = description => !HttpMethods.IsHead(description.HttpMethod ?? "") && description.GroupName == groupName;
        return options;
    }
}
