using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;

namespace Kasparro.ServiceDefaults.Telemetry;

/// <summary>
/// Serves <c>GET /metrics</c> in Prometheus's format, on the port <c>Metrics:Port</c> only, on which the service also listens and which is
/// not reachable from outside. Without the setting, the route does not exist.
/// </summary>
public static class MetricsEndpoint
{
    /// <summary>The setting with the port, 1–65535.</summary>
    public const string PortSetting = "Metrics:Port";

    /// <summary>The route.</summary>
    public const string Path = "/metrics";

    /// <summary>
    /// The port in <paramref name="configuration"/>, or null if it is missing or invalid; <see cref="FindMistake"/> reports the latter.
    /// </summary>
    public static int? GetPort(IConfiguration configuration) =>
        int.TryParse(configuration[PortSetting], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= ushort.MaxValue
            ? port
            : null;

    /// <summary>Explains why the setting is invalid, or null if it is valid.</summary>
    internal static string? FindMistake(IConfiguration configuration) =>
        configuration[PortSetting] is { Length: > 0 } text && GetPort(configuration) is null
            ? $"{PortSetting} is '{text}'; a port is a number from 1 to 65535."
            : null;

    /// <summary>
    /// Responds to scrapes, based on the local port of the connection and never on the Host header, which a client can forge; on other
    /// ports the route does not exist. First in the pipeline, since a scrape is not a client's request.
    /// </summary>
    public static WebApplication UseMetricsEndpoint(this WebApplication app)
    {
        if (GetPort(app.Configuration) is { } port)
        {
            app.UseOpenTelemetryPrometheusScrapingEndpoint(
                context => context.Request.Path == Path && context.Connection.LocalPort == port && Uncounted(context));
        }

        return app;

        // It would otherwise count as a request that was served without a route, like cached pages.
        static bool Uncounted(HttpContext context)
        {
            context.Features.Get<IHttpMetricsTagsFeature>()?.MetricsDisabled = true;
            return true;
        }
    }
}
