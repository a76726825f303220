using Kasparro.ServiceDefaults.Lifecycle;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.Hosting;

/// <summary>Stops a service without failing requests.</summary>
public static class GracefulShutdownExtensions
{
    /// <summary>The tag of checks that determine whether the service should get requests.</summary>
    public const string ReadyTag = "ready";

    /// <summary>The path at which to check whether the service should get requests.</summary>
    public const string ReadyPath = "/health/ready";

    /// <summary>
    /// Adds <see cref="GracefulShutdownOptions"/> and the services that apply them. Requires <see cref="UseGracefulShutdown"/> and
    /// <see cref="MapReady"/>.
    /// </summary>
    public static TBuilder AddGracefulShutdown<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddSettings<GracefulShutdownOptions>(GracefulShutdownOptions.Section);
        builder.Services.AddSingleton<GracefulShutdown>();
        builder.Services.AddHostedService(services => services.GetRequiredService<GracefulShutdown>());
        builder.Services.AddHealthChecks().AddCheck<GracefulShutdown>("draining", tags: [ReadyTag]);
        builder.Services.AddOptions<HostOptions>().Configure<IServiceProvider>((host, services) =>
        {
            var drain = GetOptions(services);
            host.ShutdownTimeout = drain.DrainDelay + drain.Timeout;
        });
        return builder;

        // The host reads these options while it is built, before mistakes in the settings can be reported.
        static GracefulShutdownOptions GetOptions(IServiceProvider services)
        {
            try
            {
                return services.GetRequiredService<IOptions<GracefulShutdownOptions>>().Value;
            }
            catch (InvalidOperationException)
            {
                return new();
            }
        }
    }

    /// <summary>
    /// Makes clients of a stopping service close their connections after the response to their current request. First in the pipeline.
    /// </summary>
    public static WebApplication UseGracefulShutdown(this WebApplication app)
    {
        var draining = app.Services.GetRequiredService<GracefulShutdown>();
        app.Use(next => context =>
        {
            if (draining.HasBegun && HttpProtocol.IsHttp11(context.Request.Protocol))
            {
                context.Response.Headers.Connection = "close";
            }

            return next(context);
        });
        return app;
    }

    /// <summary>
    /// Maps <c>GET /health/ready</c>: 503 once the service is stopping, or while a dependency that it needs is unavailable (the checks
    /// tagged <see cref="ReadyTag"/>); 200 otherwise.
    /// </summary>
    public static WebApplication MapReady(this WebApplication app)
    {
        app.MapHealthChecks(ReadyPath, new HealthCheckOptions { Predicate = check => check.Tags.Contains(ReadyTag) });
        return app;
    }
}
