using Kasparro.Ingestion.Runs;
using Kasparro.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Kasparro.Ingestion.Commands;

/// <summary>Runs the scheduled worker, with its health endpoints and one route for operators.</summary>
internal static class WorkerCommand
{
    private static readonly TimeSpan HealthTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan DisposeTimeout = TimeSpan.FromSeconds(0.5);

    private static readonly KeyValuePair<string, string?>[] LogLevels =
    [
        new("Logging:LogLevel:Default", "Information"),
        new("Logging:LogLevel:Microsoft.AspNetCore", "Warning"),
        new("Logging:LogLevel:Microsoft.EntityFrameworkCore", "Warning"),
        new("Logging:LogLevel:Microsoft.EntityFrameworkCore.Database", "None"),
        new("Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks", "None"),
        new("Logging:LogLevel:Npgsql", "Warning"),
        new("Logging:LogLevel:StackExchange.Redis", "None"),
    ];

    public static async Task<int> RunAsync(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);

        // Before all other settings, which override these. Otherwise every statement, probe and connection would be logged, and the lines
        // of a run would get lost.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = LogLevels });
        builder.AddServiceDefaults();
        builder.AddGracefulShutdown(); // The current page is finished before the process ends.
        builder.AddOperatorKeys();
        builder.AddIngestion();
        builder.AddIngestionWorker();

        // A store that is unavailable is retried for longer than a health probe waits.
        builder.Services.PostConfigure<HealthCheckServiceOptions>(health =>
        {
            foreach (var check in health.Registrations)
            {
                check.Timeout = HealthTimeout;
            }
        });

        var app = builder.Build();
        app.CheckSettings();
        app.UseMetricsEndpoint();
        app.UseOperatorKeys();
        app.MapAlive();
        app.MapReady();
        app.MapHealthChecks("/health");
        app.MapIngestions();
        try
        {
            await app.StartAsync();
            await app.WaitForShutdownAsync();
        }
        finally
        {
            await DisposeAsync(app);
        }

        return Environment.ExitCode;
    }

    /// <summary>Closes connections and sends the last telemetry, but does not wait for a remote side that does not respond.</summary>
    private static async Task DisposeAsync(WebApplication app)
    {
        var disposing = Task.Run(async () => await app.DisposeAsync());
        await Task.WhenAny(disposing, Task.Delay(DisposeTimeout));
        if (disposing.IsFaulted)
        {
            await disposing;
        }
    }
}
