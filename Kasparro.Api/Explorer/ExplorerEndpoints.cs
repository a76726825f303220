using System.Reflection;
using Kasparro.Api.Http;
using Microsoft.Extensions.FileProviders;

namespace Kasparro.Api.Explorer;

/// <summary>
/// The web pages: <c>/</c> and everything below <c>/explore</c>. They are built from Kasparro.Explorer into this assembly and load nothing
/// from another host.
/// </summary>
internal static class ExplorerEndpoints
{
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; " +
        "form-action 'self'; frame-ancestors 'none'";

    private static readonly EmbeddedFileProvider Files = new(Assembly.GetExecutingAssembly(), "explorer");

    public static void MapExplorer(this WebApplication app)
    {
        var page = Files.GetFileInfo("index.html");
        if (!page.Exists)
        {
            // Built without npm: the API's documentation is the start page instead.
            app.MapRead("/", () => Results.LocalRedirect("~/docs")).ExcludeFromDescription();
            return;
        }

        app.UseWhen(context => context.Request.Path.StartsWithSegments("/explore", StringComparison.Ordinal), static branch => branch
            .UseStaticFiles(new StaticFileOptions
            {
                FileProvider = Files,
                RequestPath = "/explore",
                OnPrepareResponse = file => file.Context.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy,
            }));
        foreach (var pattern in (ReadOnlySpan<string>)["/", "/explore/{**page:nonfile}"])
        {
            app.MapRead(pattern, (HttpContext context) => WritePageAsync(context, page)).ExcludeFromDescription();
        }
    }

    private static Task WritePageAsync(HttpContext context, IFileInfo page)
    {
        context.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.SendFileAsync(page, context.RequestAborted);
    }
}
