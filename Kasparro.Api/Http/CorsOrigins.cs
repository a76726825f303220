using Microsoft.Extensions.Options;

namespace Kasparro.Api.Http;

/// <summary>Which sites' scripts may read the API: <see cref="ApiOptions.CorsOrigins"/>. None, unless the setting names some.</summary>
internal sealed class CorsOrigins(IOptions<ApiOptions> options)
{
    /// <summary>Whether a request comes from a script of another site, and such ones are answered at all.</summary>
    public bool Concerns(HttpRequest request) => options.Value.CorsOrigins.Length > 0 && request.Headers.Origin.Count > 0;
}

internal static class CorsRegistration
{
    private static readonly string[] Exposed =
        [RequestIds.Header, "ETag", "Link", "Retry-After", "RateLimit", "RateLimit-Policy"];

    public static void AddCorsOrigins(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<CorsOrigins>();
        builder.Services.AddCors();
        builder.Services.AddOptions<Microsoft.AspNetCore.Cors.Infrastructure.CorsOptions>().Configure<IOptions<ApiOptions>>((cors, api) =>
            cors.AddDefaultPolicy(policy =>
            {
                var origins = api.Value.CorsOrigins.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                _ = origins is ["*"] ? policy.AllowAnyOrigin() : policy.WithOrigins(origins);
                policy.WithMethods(HttpMethods.Get, HttpMethods.Head).AllowAnyHeader().WithExposedHeaders(Exposed).SetPreflightMaxAge(TimeSpan.FromHours(1));
            }));
    }

    /// <summary>Tells browsers what the setting allows; without it, nothing is said, which forbids.</summary>
    public static void UseCorsOrigins(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<ApiOptions>>().Value.CorsOrigins.Length > 0)
        {
            app.UseCors();
        }
    }
}
