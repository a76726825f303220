using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Kasparro.Api.Http;

/// <summary>The origins whose scripts may read the API: <see cref="ApiOptions.CorsOrigins"/>. None by default.</summary>
internal static class CorsPolicyExtensions
{
    /// <summary>
    /// The header that names the state of the catalogue that a response shows: what <c>/changes</c> takes as <c>since</c>.
    /// </summary>
    public const string CatalogueVersionHeader = "X-Catalogue-Version";

    // Every header that the API's description tells clients to read; scripts cannot see any others.
    private static readonly string[] Exposed =
    [
        RequestIds.Header, "ETag", "Link", "Location", "Retry-After", "Content-Disposition", "Content-Location", "WWW-Authenticate",
        "Allow", "RateLimit", "RateLimit-Policy", "Tokens-Without-Decimals", "Tokens-Unfit", CatalogueVersionHeader,
    ];

    /// <summary>The policy of routes that are read by POST, since an id may be too long for a URL.</summary>
    private const string ReadByPost = "read-by-post";

    /// <summary>Whether the setting contains valid origins only: scheme and host, optionally a port, and nothing after it.</summary>
    public static bool IsValid(string setting) =>
        CommaList.Split(setting) is ["*"] || Array.TrueForAll(CommaList.Split(setting), origin =>
            Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            && origin.Equals(uri.GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase));

    /// <summary>Adds the policies for the configured origins.</summary>
    public static void AddCorsOrigins(this WebApplicationBuilder builder)
    {
        builder.Services.AddCors();
        builder.Services.AddOptions<CorsOptions>().Configure<IOptions<ApiOptions>>((cors, api) =>
        {
            cors.AddDefaultPolicy(policy => Allow(policy, HttpMethods.Get, HttpMethods.Head));
            cors.AddPolicy(ReadByPost, policy => Allow(policy, HttpMethods.Get, HttpMethods.Head, HttpMethods.Post));

            void Allow(CorsPolicyBuilder policy, params string[] methods)
            {
                var origins = CommaList.Split(api.Value.CorsOrigins);
                _ = origins is ["*"] ? policy.AllowAnyOrigin() : policy.WithOrigins(origins);
                policy.WithMethods(methods).AllowAnyHeader().WithExposedHeaders(Exposed).SetPreflightMaxAge(TimeSpan.FromHours(1));
            }
        });
    }

    /// <summary>
    /// Sends the CORS headers for the configured origins on every response; without the setting it sends none, which forbids cross-origin
    /// reads. Must come before any middleware that may reject a request.
    /// </summary>
    /// <param name="app">The API.</param>
    /// <param name="readByPost">The path of the route that is read by POST.</param>
    public static void UseCorsOrigins(this WebApplication app, string readByPost)
    {
        var setting = app.Services.GetRequiredService<IOptions<ApiOptions>>().Value.CorsOrigins;
        if (setting.Length == 0)
        {
            return;
        }

        var isForAll = CommaList.Split(setting) is ["*"];
        app.Use((context, next) =>
        {
            // Also for requests without an Origin: an image in a browser's cache may later be read by a script of an allowed site.
            context.Response.OnStarting(() =>
            {
                var headers = context.Response.Headers;
                if (isForAll)
                {
                    headers.AccessControlAllowOrigin = "*";
                }
                else if (!headers.GetCommaSeparatedValues(HeaderNames.Vary).Contains(HeaderNames.Origin, StringComparer.OrdinalIgnoreCase))
                {
                    headers.Append(HeaderNames.Vary, HeaderNames.Origin);
                }

                return Task.CompletedTask;
            });
            return next(context);
        });
        app.UseWhen(IsReadByPost, branch => branch.UseCors(ReadByPost));
        app.UseWhen(context => !IsReadByPost(context), branch => branch.UseCors());

        // A trailing slash does not change the route.
        bool IsReadByPost(HttpContext context) =>
            context.Request.Path.StartsWithSegments(readByPost, StringComparison.OrdinalIgnoreCase, out var rest)
            && rest.Value is null or "" or "/";
    }
}
