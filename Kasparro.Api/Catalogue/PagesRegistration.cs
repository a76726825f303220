using Kasparro.ServiceDefaults;
using StackExchange.Redis;

namespace Kasparro.Api.Catalogue;

internal static class PagesRegistration
{
    public static void AddPages(this WebApplicationBuilder builder)
    {
        // FailFast: while Redis is away nothing queues up behind it. /health has a check of its own, with a timeout. The client's log is
        // switched off in appsettings.json: it tells of each attempt to connect, with a stack trace; RedisPageCache and
        // CatalogueVersionPoller tell of each outage.
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
}
