using Kasparro.Api.Docs;
using Kasparro.Api.Http;
using Kasparro.ServiceDefaults;
using StackExchange.Redis;

namespace Kasparro.Api.Catalogue;

internal static class DataEndpoints
{
    private const string RouteName = "GetData";

    public static void AddData(this WebApplicationBuilder builder)
    {
        // FailFast, so that nothing queues up while Redis is unavailable. /health has its own check, with a timeout. The client's logging
        // is disabled in appsettings.json, since it logs each connection attempt with a stack trace; RedisPageCache and
        // CatalogueVersionPoller log each outage.
        builder.AddRedis(
            ResourceNames.Cache,
            settings => settings.DisableHealthChecks = true,
            redis =>
            {
                redis.BacklogPolicy = BacklogPolicy.FailFast;
                redis.ConnectTimeout = 2_000;
                redis.IncludeDetailInExceptions = false;
                redis.ReconnectRetryPolicy = new LinearRetry(1_000);
            });

        builder.Services.AddSingleton<ApiMetrics>();
        builder.Services.AddSingleton<CatalogueVersionTracker>();
        builder.Services.AddSingleton<MemoryPageCache>();
        builder.Services.AddSingleton<RedisPageCache>();
        builder.Services.AddSingleton<DataCursorCodec>();
        builder.Services.AddSingleton<PageRenderer>();
        builder.Services.AddSingleton<PageCache>();
        builder.Services.AddSingleton<DataEndpoint>();
        builder.Services.AddHostedService<CatalogueVersionPoller>();
    }

    /// <summary>Handles <c>/data</c> before routing, authentication and scopes, none of which it needs.</summary>
    public static void UseData(this WebApplication app)
    {
        var data = app.Services.GetRequiredService<DataEndpoint>();
        var route = new Lazy<Endpoint>(() => app.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Single(mapped => mapped.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName == RouteName));
        app.Use(next => context =>
        {
            var request = context.Request;
            if (request.Path.Value != DataEndpoint.Path || !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)))
            {
                return next(context);
            }

            context.SetEndpoint(route.Value); // Names the route in metrics and spans.
            return data.HandleAsync(context);
        });
    }

    // Handles other spellings and methods of the route, and describes it.
    public static void MapData(this WebApplication app) =>
        app.MapRead(DataEndpoint.Path, app.Services.GetRequiredService<DataEndpoint>().HandleAsync)
            .WithName(RouteName)
            .WithSummary("List the catalogue")
            .WithDescription(
                "Without source, one row for each active asset, with the values of its best source. Inactive assets are at /assets/{id}. " +
                "With source, all listings of that source, active or not. A response shows one state of the catalogue. Commits of an " +
                "ingestion usually show at once, and always within a limit that the operator sets.")
            .WithTags("Catalogue")
            .Produces(StatusCodes.Status200OK, DataPage.Example)
            .ProducesProblems(StatusCodes.Status406NotAcceptable, StatusCodes.Status503ServiceUnavailable)
            .Produces(StatusCodes.Status304NotModified)
            .WithResponseHeader(StatusCodes.Status200OK, "ETag", "The page's hash, for If-None-Match.")
            .WithResponseHeader(StatusCodes.Status200OK, "Link", "The rows after and before these, as next and prev name them.")
            .DescribeParameters<DataPageParameters>()
            .DescribeParameters<FilterParameters>()
            .DescribeParameters<RowParameters>();
}
