using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Aspire.Hosting.Dashboard;

/// <summary>Runs Aspire's own dashboard beside the graph, and the resource service that it reads; both end with the graph.</summary>
internal sealed partial class DashboardHost(DashboardSettings settings, IServiceProvider services, ILogger<DistributedApplication> logger) : IHostedService, IAsyncDisposable
{
    private const string KeyHeader = "x-resource-service-api-key";

    private readonly CancellationTokenSource _stopping = new();
    private WebApplication? _resources;
    private ChildProcess? _dashboard;

    /// <summary>Adds the dashboard to a graph that runs, or a line that tells why there is none. Services export telemetry only where it runs.</summary>
    public static void AddTo(HostApplicationBuilder host)
    {
        if (DashboardSettings.Configure(host.Configuration, out var program) is { } settings)
        {
            host.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
            host.Logging.AddFilter("Grpc", LogLevel.Warning);
            host.Services.AddSingleton(settings);
            host.Services.AddHostedService<DashboardHost>();
        }
        else
        {
            host.Services.AddHostedService(services => new Absence(program, services.GetRequiredService<ILogger<DistributedApplication>>()));
        }
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _resources = BuildResourceService();
        await _resources.StartAsync(cancellationToken).ConfigureAwait(false);
        var launch = new Launch(settings.Program, ["dashboard"], Path.GetDirectoryName(settings.Program)!);
        _dashboard = ChildProcess.Start(launch, EnvironmentOfDashboard(), OnLine);
        _ = TellOfEndAsync(_dashboard);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await (_dashboard?.StopAsync() ?? Task.CompletedTask).WaitAsync(cancellationToken).ConfigureAwait(false);
        await (_resources?.StopAsync(cancellationToken) ?? Task.CompletedTask).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None).ConfigureAwait(false);
        await (_resources?.DisposeAsync() ?? ValueTask.CompletedTask).ConfigureAwait(false);
        _dashboard?.Dispose();
        _stopping.Dispose();
    }

    // An empty builder reads no configuration: ASPNETCORE_URLS, meant for the dashboard, is not for this.
    private WebApplication BuildResourceService()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, new Uri(settings.Resources).Port, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddRouting();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(_ => services.GetRequiredService<ILoggerFactory>());
        builder.Services.AddSingleton(_ => services.GetRequiredService<DistributedApplicationModel>());
        builder.Services.AddSingleton(_ => services.GetRequiredService<ResourceNotificationService>());
        builder.Services.AddSingleton(_ => services.GetRequiredService<ResourceLoggerService>());
        builder.Services.AddSingleton(_ => services.GetRequiredService<ResourceCommandService>());
        builder.Services.AddSingleton(services.GetRequiredService<IHostEnvironment>());
        var app = builder.Build();
        var key = System.Text.Encoding.UTF8.GetBytes(settings.ResourcesKey);
        app.Use((context, next) =>
        {
            if (CryptographicOperations.FixedTimeEquals(System.Text.Encoding.UTF8.GetBytes(context.Request.Headers[KeyHeader].ToString()), key))
            {
                return next(context);
            }

            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        });
        app.UseRouting();
        app.MapGrpcService<ResourceService>();
        return app;
    }

    // Through the environment, not the command line, which is there for everyone to read.
    private Dictionary<string, string?> EnvironmentOfDashboard() => new(StringComparer.Ordinal)
    {
        ["ASPNETCORE_URLS"] = settings.Frontend,
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
        ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = settings.Telemetry,
        ["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = settings.Resources,
        ["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true",
        ["DASHBOARD__FRONTEND__AUTHMODE"] = "BrowserToken",
        ["DASHBOARD__FRONTEND__BROWSERTOKEN"] = settings.BrowserToken,
        ["DASHBOARD__FRONTEND__PUBLICURL"] = PublicUrl,
        ["DASHBOARD__OTLP__AUTHMODE"] = "ApiKey",
        ["DASHBOARD__OTLP__PRIMARYAPIKEY"] = settings.TelemetryKey,
        ["DASHBOARD__RESOURCESERVICECLIENT__AUTHMODE"] = "ApiKey",
        ["DASHBOARD__RESOURCESERVICECLIENT__APIKEY"] = settings.ResourcesKey,
    };

    private string PublicUrl => $"http://localhost:{new Uri(settings.Frontend).Port}";

    // What it prints holds the browser token, so it goes into no resource's log; this host tells the login itself.
    private void OnLine(string line, bool isError)
    {
        if (line.Contains("Now listening on:", StringComparison.Ordinal))
        {
            Log.Login(logger, $"{PublicUrl}/login?t={settings.BrowserToken}");
        }
    }

    private async Task TellOfEndAsync(ChildProcess dashboard)
    {
        var code = await dashboard.Exit.ConfigureAwait(false);
        if (!_stopping.IsCancellationRequested)
        {
            Log.Ended(logger, code);
        }
    }

    private sealed class Absence(string program, ILogger logger) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            Log.Absent(logger, program);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private static partial class Log
    {
        // The words that dotnet watch, and scripts/up.sh, look for.
        [LoggerMessage(1, LogLevel.Information, "Login to the dashboard at {LoginUrl}")]
        public static partial void Login(ILogger logger, string loginUrl);

        [LoggerMessage(2, LogLevel.Warning, "The dashboard ended with code {Code}; the graph runs on without it.")]
        public static partial void Ended(ILogger logger, int code);

        [LoggerMessage(3, LogLevel.Information, "No dashboard: there is no {Program}; scripts/dashboard.sh fetches it.")]
        public static partial void Absent(ILogger logger, string program);
    }
}
