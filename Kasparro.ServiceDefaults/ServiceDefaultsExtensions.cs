using Kasparro.ServiceDefaults.Settings;
using Kasparro.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Microsoft.Extensions.Hosting;

/// <summary>The defaults of every service in the graph: telemetry, health checks, service discovery.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>The tag of checks that show whether the process itself is running.</summary>
    public const string LiveTag = "live";

    private static readonly TimeSpan PublishPeriod = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Adds telemetry (exported over OTLP if <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set; metrics also for scrapers of
    /// <see cref="MetricsEndpoint"/> if its port is set), a liveness check and service discovery. In a container
    /// (<c>DOTNET_RUNNING_IN_CONTAINER</c>), logs are JSON. There is no default resilience handler: one for all clients would share a
    /// circuit breaker (dotnet/extensions#5021); each client adds its own.
    /// </summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        ThrowIfLevelsAreWrong(builder.Configuration);
        builder.Services.AddSettingsCheck(configuration => MetricsEndpoint.FindMistake(configuration) is { } mistake ? [mistake] : []);
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });

        // A container's output is read by machines: one JSON object per line, with the run's id and source during a run.
        if (builder.Configuration["DOTNET_RUNNING_IN_CONTAINER"] is "1" or "true" or "True")
        {
            builder.Logging.AddJsonConsole(console =>
            {
                console.IncludeScopes = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            });
        }

        // Without a reader, spans and metrics are not created, since they cost every request some microseconds.
        var isCollected = !string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        var isScraped = MetricsEndpoint.GetPort(builder.Configuration) is not null;
        if (isCollected || isScraped)
        {
            var telemetry = builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter("Kasparro.*"));
            _ = isScraped ? telemetry.WithMetrics(metrics => metrics.AddPrometheusExporter()) : telemetry;
            _ = isCollected
                ? telemetry.UseOtlpExporter().WithTracing(tracing => tracing
                    .AddSource(builder.Environment.ApplicationName, "Kasparro.*")
                    .AddAspNetCoreInstrumentation(options => options.Filter = context => !IsProbe(context.Request.Path))
                    .AddHttpClientInstrumentation())
                : telemetry;
            builder.Services.AddSingleton<IHealthCheckPublisher, HealthMetrics>();
            builder.Services.Configure<HealthCheckPublisherOptions>(options => options.Period = PublishPeriod);
        }

        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [LiveTag]);
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http => http.AddServiceDiscovery());
        builder.Services.AddSingleton(TimeProvider.System);
        return builder;
    }

    /// <summary>
    /// Maps <c>GET /alive</c>: 200 while the process is running, regardless of its dependencies. In every environment: the graph probes it.
    /// </summary>
    public static WebApplication MapAlive(this WebApplication app)
    {
        app.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = check => check.Tags.Contains(LiveTag) })
            .WithMetadata(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]));
        return app;
    }

    // Checked now, since no host can be built with an invalid level, so the other checks would never run.
    private static void ThrowIfLevelsAreWrong(IConfiguration configuration)
    {
        string[] mistakes =
        [
            .. from setting in configuration.GetSection("Logging").AsEnumerable()
               where setting.Key.Contains(":LogLevel:", StringComparison.OrdinalIgnoreCase) && !string.IsNullOrEmpty(setting.Value)
                   && !Enum.TryParse<LogLevel>(setting.Value, ignoreCase: true, out _)
               select $"{setting.Key} is '{setting.Value}': one of {string.Join(", ", Enum.GetNames<LogLevel>())} is expected.",
        ];
        if (mistakes.Length > 0)
        {
            throw new SettingsException(mistakes);
        }
    }

    private static bool IsProbe(Microsoft.AspNetCore.Http.PathString path) =>
        path.StartsWithSegments("/health", StringComparison.Ordinal) || path.StartsWithSegments("/alive", StringComparison.Ordinal)
        || path.StartsWithSegments(MetricsEndpoint.Path, StringComparison.Ordinal);
}
