using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;

namespace Kasparro.ServiceDefaults.Telemetry;

/// <summary>
/// <c>GET /metrics</c> in Prometheus's format, on one port only: <c>Metrics:Port</c>, which the service listens on and which no one outside
/// reaches. Without the setting there is no such route at all.
/// </summary>
public static class MetricsEndpoint
{
    /// <summary>The setting that names the port, 1 to 65535.</summary>
    public const string PortSetting = "Metrics:Port";

    /// <summary>The route.</summary>
    public const string Path = "/metrics";

    /// <summary>
    /// The port that <paramref name="configuration"/> names; null for none. What is no port is a mistake that <see cref="FindMistake"/>
    /// tells.
    /// </summary>
    public static int? GetPort(IConfiguration configuration) =>
        int.TryParse(configuration[PortSetting], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= ushort.MaxValue
            ? port
            : null;

    /// <summary>What is wrong with the setting; null where nothing is.</summary>
    internal static string? FindMistake(IConfiguration configuration) =>
        configuration[PortSetting] is { Length: > 0 } text && GetPort(configuration) is null
            ? $"{PortSetting} is '{text}'; a port is a number from 1 to 65535."
            : null;

    /// <summary>
    /// Responds to scrapes. It goes by the port that the connection came in on, never by the Host header, which a client writes as it
    /// likes; elsewhere the route does not exist. First in the pipeline: a scrape is no request of a client.
    /// </summary>
    public static WebApplication UseMetricsEndpoint(this WebApplication app)
    {
        if (GetPort(app.Configuration) is { } port)
        {
            app.UseOpenTelemetryPrometheusScrapingEndpoint(
                context => context.Request.Path == Path && context.Connection.LocalPort == port && Uncounted(context));
        }

        return app;

        // It would pass for a request that was served without a route, as cached pages are.
        static bool Uncounted(HttpContext context)
        {
            context.Features.Get<IHttpMetricsTagsFeature>()?.MetricsDisabled = true;
            return true;
        }
    }
}
