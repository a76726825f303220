using Kasparro.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Microsoft.Extensions.Hosting;

/// <summary>What every service of the graph has: telemetry, health checks, service discovery.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>The tag of checks that tell whether the process itself runs.</summary>
    public const string LiveTag = "live";

    /// <summary>
    /// Adds telemetry (exported over OTLP where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set), a liveness check and service discovery,
    /// and reads connection strings that are URIs. In a container (<c>DOTNET_RUNNING_IN_CONTAINER</c>) logs are JSON. There is
    /// no default resilience handler: one for all clients would share a circuit breaker (dotnet/extensions#5021); each client adds its own.
    /// </summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        ConnectionUris.Rewrite(builder.Configuration);
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });

        // Whoever collects a container's output reads it by machine: one JSON object a line, with the run's id and source where there is a run.
        if (builder.Configuration.GetValue<bool>("DOTNET_RUNNING_IN_CONTAINER"))
        {
            builder.Logging.AddJsonConsole(console =>
            {
                console.IncludeScopes = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            });
        }

        // Without a collector nobody reads spans and metrics, and making them costs every request some microseconds.
        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            builder.Services.AddOpenTelemetry()
                .UseOtlpExporter()
                .WithMetrics(metrics => metrics
                    .AddAspNetCoreInstrumentation()
                    .AddHttpClientInstrumentation()
                    .AddRuntimeInstrumentation()
                    .AddMeter("Kasparro.*"))
                .WithTracing(tracing => tracing
                    .AddSource(builder.Environment.ApplicationName, "Kasparro.*")
                    .AddAspNetCoreInstrumentation(options => options.Filter = context => !IsProbe(context.Request.Path))
                    .AddHttpClientInstrumentation());
        }

        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [LiveTag]);
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http => http.AddServiceDiscovery());
        builder.Services.AddSingleton(TimeProvider.System);
        return builder;
    }

    /// <summary>Maps <c>GET /alive</c>: 200 while the process runs, whatever it depends on. In every environment: the graph probes it.</summary>
    public static WebApplication MapAlive(this WebApplication app)
    {
        app.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = check => check.Tags.Contains(LiveTag) });
        return app;
    }

    private static bool IsProbe(Microsoft.AspNetCore.Http.PathString path) =>
        path.StartsWithSegments("/health", StringComparison.Ordinal) || path.StartsWithSegments("/alive", StringComparison.Ordinal);
}
