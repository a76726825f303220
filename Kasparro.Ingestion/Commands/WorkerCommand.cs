using Kasparro.Ingestion.Runs;
using Kasparro.ServiceDefaults.Telemetry;

namespace Kasparro.Ingestion.Commands;

/// <summary>The scheduled worker, with health endpoints for whoever watches it and one for operators.</summary>
internal static class WorkerCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.AddServiceDefaults();
        builder.AddDraining(); // A page at hand is finished before the process ends.
        builder.AddOperatorKeys();
        builder.AddIngestion();
        builder.Services.AddSingleton<IngestionBell>();
        builder.Services.AddHostedService<IngestionWorker>();

        await using var app = builder.Build();
        app.CheckSettings();
        app.UseMetricsEndpoint();
        app.UseOperatorKeys();
        app.MapAlive();
        app.MapReady();
        app.MapHealthChecks("/health");
        app.MapIngestions();
        await app.RunAsync();
        return Environment.ExitCode;
    }
}
