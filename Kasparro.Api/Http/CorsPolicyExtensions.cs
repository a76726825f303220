using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;

namespace Kasparro.Api.Http;

/// <summary>Which sites' scripts may read the API: <see cref="ApiOptions.CorsOrigins"/>. None, unless the setting names some.</summary>
internal static class CorsPolicyExtensions
{
    /// <summary>Names the catalogue's state that a response is of: what <c>/changes</c> takes as <c>since</c>.</summary>
    public const string CatalogueVersionHeader = "X-Catalogue-Version";

    // Every header that the API's description tells clients to read; scripts see no other.
    private static readonly string[] Exposed =
    [
        RequestIds.Header, "ETag", "Link", "Location", "Retry-After", "Content-Disposition", "Content-Location", "WWW-Authenticate",
        "Allow", "RateLimit", "RateLimit-Policy", "Tokens-Without-Decimals", "Tokens-Unfit", CatalogueVersionHeader,
    ];

    /// <summary>Whether browsers' origins can match the setting: scheme and host, perhaps a port, and nothing after it.</summary>
    public static bool IsValid(string setting) =>
        Split(setting) is ["*"] || Array.TrueForAll(Split(setting), origin =>
            Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            && origin.Equals(uri.GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase));

    /// <summary>Adds the policy that the setting asks for.</summary>
    public static void AddCorsOrigins(this WebApplicationBuilder builder)
    {
        builder.Services.AddCors();
        builder.Services.AddOptions<CorsOptions>().Configure<IOptions<ApiOptions>>((cors, api) => cors.AddDefaultPolicy(policy =>
        {
            var origins = Split(api.Value.CorsOrigins);
            _ = origins is ["*"] ? policy.AllowAnyOrigin() : policy.WithOrigins(origins);
            policy.WithMethods(HttpMethods.Get, HttpMethods.Head).AllowAnyHeader().WithExposedHeaders(Exposed)
                .SetPreflightMaxAge(TimeSpan.FromHours(1));
        }));
    }

    private static string[] Split(string setting) =>
        setting.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>
    /// Tells browsers what the setting allows, on every response; without it, nothing is said, which forbids. Before anything that may
    /// refuse a request.
    /// </summary>
    public static void UseCorsOrigins(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<ApiOptions>>().Value.CorsOrigins.Length > 0)
        {
            app.UseCors();
        }
    }
}
