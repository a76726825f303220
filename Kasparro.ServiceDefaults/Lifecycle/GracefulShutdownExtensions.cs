using Kasparro.ServiceDefaults.Lifecycle;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.Hosting;

/// <summary>Stopping without failing a request.</summary>
public static class GracefulShutdownExtensions
{
    /// <summary>The tag of checks that tell whether requests should come here now.</summary>
    public const string ReadyTag = "ready";

    /// <summary>Where to ask whether requests should come here now.</summary>
    public const string ReadyPath = "/health/ready";

    /// <summary>
    /// Adds <see cref="GracefulShutdownOptions"/> and what heeds them. Goes with <see cref="UseGracefulShutdown"/> and
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

        // The host asks while it is built, before anybody can be told what is wrong with the settings.
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
    /// Has clients of a stopping service close their connections, each with the response to its last request. First in the pipeline.
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
    /// Maps <c>GET /health/ready</c>: 503 once the service is stopping, and while what it cannot serve without is away (the checks tagged
    /// <see cref="ReadyTag"/>); 200 otherwise.
    /// </summary>
    public static WebApplication MapReady(this WebApplication app)
    {
        app.MapHealthChecks(ReadyPath, new HealthCheckOptions { Predicate = check => check.Tags.Contains(ReadyTag) });
        return app;
    }
}
