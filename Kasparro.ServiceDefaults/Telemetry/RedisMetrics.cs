using System.Diagnostics.Metrics;

namespace Kasparro.ServiceDefaults.Telemetry;

/// <summary>
/// How long calls to Redis take, as <c>db.client.operation.duration</c> of OpenTelemetry's semantic conventions for database clients: the
/// Redis client counts nothing itself. What is sent without waiting for a response is not in it.
/// </summary>
public static class RedisMetrics
{
    private const string MeterName = "Kasparro.Redis";

    // The conventions' advice.
    private static readonly double[] Bounds = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

    private static readonly Meter Meter = new(MeterName);

    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "db.client.operation.duration",
        "s",
        "Duration of database client operations.",
        tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = Bounds });

    /// <summary>Measures a call that was just sent, until Redis responds, however long its sender waits.</summary>
    /// <param name="call">The call.</param>
    /// <param name="operation">Redis's command, in capitals, as in <c>GET</c>.</param>
    /// <param name="time">What it is measured by.</param>
    /// <returns>The call: its result, and its failure.</returns>
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
