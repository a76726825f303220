using System.Diagnostics.Metrics;

namespace Kasparro.ServiceDefaults.Telemetry;

/// <summary>
/// Measures calls to Redis as <c>db.client.operation.duration</c> of OpenTelemetry's semantic conventions for database clients, since the
/// Redis client has no metrics. Fire-and-forget calls are not included.
/// </summary>
public static class RedisMetrics
{
    private const string MeterName = "Kasparro.Redis";

    // As recommended by the conventions.
    private static readonly double[] Bounds = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

    private static readonly Meter Meter = new(MeterName);

    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "db.client.operation.duration",
        "s",
        "Duration of database client operations.",
        tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = Bounds });

    /// <summary>Measures a call from now, just after it was sent, until Redis responds, even if its sender stops waiting.</summary>
    /// <param name="call">The call.</param>
    /// <param name="operation">The Redis command in capitals, such as <c>GET</c>.</param>
    /// <param name="time">Measures the time.</param>
    /// <returns>The call's result or failure.</returns>
    public static Task<T> MeasuredAsync<T>(this Task<T> call, string operation, TimeProvider time)
    {
        return Duration.Enabled ? MeasureAsync() : call;

        async Task<T> MeasureAsync()
        {
            var began = time.GetTimestamp();
            try
            {
                var result = await call;
                Record(null);
                return result;
            }
            catch (Exception exception)
            {
                Record(exception.GetType().FullName);
                throw;
            }

            void Record(string? error) => Duration.Record(
                time.GetElapsedTime(began).TotalSeconds,
                error is null
                    ? [new("db.system.name", "redis"), new("db.operation.name", operation)]
                    : [new("db.system.name", "redis"), new("db.operation.name", operation), new("error.type", error)]);
        }
    }
}
