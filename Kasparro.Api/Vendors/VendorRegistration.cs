using Kasparro.Api.Http;

namespace Kasparro.Api.Vendors;

/// <summary>Registers what the vendors' routes share.</summary>
internal static class VendorRegistration
{
    public static void AddVendors(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<VendorKeys>();
        builder.Services.AddSingleton<VendorPages>();
        builder.Services.AddSingleton<MarketReader>();
        builder.Services.AddSingleton<ChartReader>();
        builder.Services.AddSingleton<GlobalReader>();
        builder.Services.AddSingleton<FoundReader>();
        builder.AddJson(VendorErrorJson.Default);
    }

    /// <summary>
    /// Checks the keys of clients of the vendors' routes, if they are required, and responds on the hot routes ahead of routing.
    /// </summary>
    public static void UseVendors(this WebApplication app)
    {
        var keys = app.Services.GetRequiredService<VendorKeys>();
        var pages = app.Services.GetRequiredService<VendorPages>();

        // Only routes without parameters in their path, as metrics and spans can name those without routing.
        var routes = new Lazy<Dictionary<string, Endpoint>>(() => app.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .OfType<RouteEndpoint>()
            .Where(route => route.RoutePattern.Parameters.Count == 0 && route.Metadata.GetMetadata<CachedVendorRoute>() is not null)
            .ToDictionary(route => route.RoutePattern.RawText!, Endpoint (route) => route, StringComparer.Ordinal));
        app.Use(next => context =>
        {
            var request = context.Request;
            if (VendorRoutes.Find(request.Path) is null || HttpMethods.IsOptions(request.Method))
            {
                return next(context);
            }

            // CoinPaprika's own client asks for /tickers//btc-bitcoin.
            if (request.Path.Value!.Contains("//", StringComparison.Ordinal))
            {
                request.Path = request.Path.Value.Replace("//", "/", StringComparison.Ordinal);
            }

            if (!keys.Allows(request))
            {
                context.Response.Headers.WWWAuthenticate = "ApiKey realm=\"kasparro\"";
                return VendorErrors.WriteAsync(context, StatusCodes.Status401Unauthorized);
            }

            if (HttpMethods.IsGet(request.Method) && routes.Value.TryGetValue(request.Path.Value!, out var route)
                && pages.TryGet(request, out var page))
            {
                context.SetEndpoint(route);
                return VendorPages.WriteAsync(context, page);
            }

            return next(context);
        });
    }

    /// <summary>Documents a route in the vendors' OpenAPI document, not in ours.</summary>
    /// <param name="endpoint">The route.</param>
    /// <param name="tag">The vendor's name.</param>
    /// <param name="isCached">Whether the responses are kept in the page cache.</param>
    public static void OfVendor(this RouteHandlerBuilder endpoint, string tag, bool isCached)
    {
        endpoint.WithGroupName(VendorRoutes.DocumentName).WithTags(tag);
        if (isCached)
        {
            endpoint.WithMetadata(new CachedVendorRoute());
        }
    }
}

/// <summary>Marks a route whose responses are kept in the page cache.</summary>
internal sealed class CachedVendorRoute;
