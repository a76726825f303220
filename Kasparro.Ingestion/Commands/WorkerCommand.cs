using Kasparro.Ingestion.Runs;

namespace Kasparro.Ingestion.Commands;

/// <summary>The scheduled worker, with health endpoints for whoever watches it and one for operators.</summary>
internal static class WorkerCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.AddServiceDefaults();
        builder.AddOperatorKeys();
        builder.AddIngestion();
        builder.Services.AddSingleton<IngestionBell>();
        builder.Services.AddHostedService<IngestionWorker>();

        // A page at hand is finished before the process ends.
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(30));

        await using var app = builder.Build();
        app.UseOperatorKeys();
        app.MapAlive();
        app.MapHealthChecks("/health");
        app.MapIngestions();
        await app.RunAsync();
        return Environment.ExitCode;
    }
}
