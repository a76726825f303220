using Kasparro.Data;
using Kasparro.Data.Runs;
using Kasparro.Ingestion.Runs;
using Kasparro.Ingestion.Sources;

namespace Kasparro.Ingestion.Commands;

/// <summary>One ingestion from the command line, with its progress.</summary>
internal static class IngestCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        var switches = new Dictionary<string, string>(StringComparer.Ordinal) { ["--source"] = "source", ["--file"] = "file" };
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddCommandLine(args[1..], switches);
        builder.AddServiceDefaults();
        builder.AddIngestion();

        var file = builder.Configuration["file"];
        var source = builder.Configuration["source"] is { } name ? (name == "csv" ? SourceNames.Csv : name) : file is null ? null : SourceNames.Csv;
        if (source is not null && !SourceNames.All.Contains(source, StringComparer.Ordinal))
        {
            return Usage.Print($"--source {source}");
        }

        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        using var host = builder.Build();
        await host.StartAsync();
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        var request = new IngestionRequest("command", source is null ? [] : [source], file is null ? null : Path.GetFullPath(file));
        var pipeline = host.Services.GetRequiredService<IngestionPipeline>();
        var outcome = await IngestionConsole.ShowAsync(
            progress => pipeline.RunAsync(request, progress, stopping), host.Services.GetRequiredService<TimeProvider>());
        await host.StopAsync(CancellationToken.None);
        return Report(outcome);
    }

    private static int Report(IngestionOutcome outcome)
    {
        if (outcome.LockedOut)
        {
            Console.Error.WriteLine("locked out: another ingestion is running; try again when it has finished.");
            return ExitCodes.LockedOut;
        }

        foreach (var source in outcome.Sources)
        {
            var totals = source.Totals;
            Console.WriteLine(
                $"{source.Source}: {source.Status}: {totals.Read} read, {totals.Inserted} new, {totals.Updated} changed, "
                + $"{totals.Unchanged} unchanged, {totals.Duplicates} duplicates, {totals.Rejected} rejected"
                + (source.Error is null ? "" : $": {source.Error}"));
        }

        if (outcome.Sources.Any(source => source.Status == RunStatus.Cancelled))
        {
            Console.WriteLine("stopped after a whole page; the same command goes on from there.");
            return ExitCodes.Cancelled;
        }

        return outcome.Succeeded ? ExitCodes.Completed : ExitCodes.Failed;
    }
}
