using System.Globalization;
using Kasparro.ServiceDefaults.Redis;
using Kasparro.ServiceDefaults.Telemetry;
using StackExchange.Redis;

namespace Kasparro.Ingestion.Runs;

/// <summary>
/// Announces a new catalogue version to the API's replicas after its commit. They also poll, so a lost message only causes a short delay.
/// </summary>
internal sealed partial class CatalogueAnnouncer(IConnectionMultiplexer redis, TimeProvider time, ILogger<CatalogueAnnouncer> logger)
{
    public async Task AnnounceAsync(long version)
    {
        try
        {
            await redis.GetSubscriber().PublishAsync(
                RedisChannel.Literal(CacheKeys.CatalogueChannel), version.ToString(CultureInfo.InvariantCulture))
                .MeasuredAsync("PUBLISH", time);
        }
        catch (Exception e) when (e.IsRedisFailure())
        {
            Log.NotAnnounced(logger, version, e.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Catalogue version {Version} is committed but could not be announced: {Reason}")]
        public static partial void NotAnnounced(ILogger logger, long version, string reason);
    }
}
