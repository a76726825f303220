using Kasparro.Api.Catalogue;
using Kasparro.Api.Http;

namespace Kasparro.Api.Vendors;

/// <summary>Registers what the vendors' routes share.</summary>
internal static class VendorExtensions
{
    public static void AddVendors(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<VendorKeys>();
        builder.Services.AddSingleton<VendorPages>();
        builder.Services.AddSingleton<MarketReader>();
        builder.Services.AddSingleton<ChartReader>();
        builder.Services.AddSingleton<GlobalReader>();
        builder.Services.AddSingleton<FoundReader>();
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

    /// <summary>Maps a route whose responses are cached as pages; see <see cref="VendorPages.RespondAsync"/>.</summary>
    public static RouteHandlerBuilder MapPage<TReader, TRequest>(
        this WebApplication app, string pattern, Func<TReader, TRequest, VendorClient, Task<RenderedPage>> render)
        where TReader : class
        where TRequest : class =>
        app.MapRead(pattern, (HttpContext context, [AsParameters] TRequest request, TReader reader, VendorPages pages) =>
                pages.RespondAsync(context, client => render(reader, request, client)))
            .WithMetadata(new CachedVendorRoute());

    /// <summary>Maps a route without parameters whose responses are cached as pages.</summary>
    public static RouteHandlerBuilder MapPage<TReader>(
        this WebApplication app, string pattern, Func<TReader, VendorClient, Task<RenderedPage>> render)
        where TReader : class =>
        app.MapRead(pattern, (HttpContext context, TReader reader, VendorPages pages) =>
                pages.RespondAsync(context, client => render(reader, client)))
            .WithMetadata(new CachedVendorRoute());

    /// <summary>Maps a route whose responses depend on the clock and are not cached.</summary>
    public static RouteHandlerBuilder MapFresh<TReader, TRequest, TResponse>(
        this WebApplication app, string pattern, Func<TReader, TRequest, VendorClient, Task<TResponse>> read)
        where TReader : class
        where TRequest : class =>
        app.MapRead(pattern, (HttpContext context, [AsParameters] TRequest request, TReader reader) =>
            VendorPages.RunAsync(context, async client => TypedResults.Ok(await read(reader, request, client))));
}

/// <summary>Marks a route whose responses are kept in the page cache.</summary>
internal sealed class CachedVendorRoute;
