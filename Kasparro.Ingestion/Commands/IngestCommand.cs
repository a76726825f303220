using Kasparro.Data.Runs;
using Kasparro.Ingestion.Backfills;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Runs;
using Kasparro.Ingestion.Sources;
using Kasparro.ServiceDefaults.Settings;

namespace Kasparro.Ingestion.Commands;

/// <summary>Runs an ingestion from the command line and shows its progress.</summary>
internal static class IngestCommand
{
    private const string ReplayRejected = "--replay-rejected";

    // Not the bare words, since environment variables may have those names.
    private const string SourceKey = "Command:Source";
    private const string FileKey = "Command:File";

    /// <summary>How long a backfill may take to yield; an upstream may delay its current call.</summary>
    private static readonly TimeSpan YieldTime = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(0.5);

    public static async Task<int> RunAsync(string[] args)
    {
        var switches = new Dictionary<string, string>(StringComparer.Ordinal) { ["--source"] = SourceKey, ["--file"] = FileKey };
        var replays = args.Contains(ReplayRejected, StringComparer.Ordinal);
        string[] arguments = [.. args.Skip(1).Where(argument => argument != ReplayRejected)];
        if (CommandLine.FindUnknown(arguments, [.. switches.Keys]) is { } wrong)
        {
            return Usage.Print(wrong);
        }

        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddCommandLine(arguments, switches);
        builder.AddServiceDefaults();
        builder.AddIngestion();

        var file = builder.Configuration[FileKey];
        var source = builder.Configuration[SourceKey]?.ToLowerInvariant() is { } name ? (name == "csv" ? SourceNames.Csv : name)
            : file is null ? null : SourceNames.Csv;
        if (source is not null && !SourceNames.All.Contains(source, StringComparer.Ordinal))
        {
            return Usage.Print($"--source {source}");
        }

        if (file is not null && (file.Length == 0 || replays || source != SourceNames.Csv))
        {
            return Usage.Print($"--file {file}{(replays ? $" {ReplayRejected}" : $" --source {source}")}");
        }

        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter("StackExchange.Redis", LogLevel.None); // It logs a stack trace per connection; failures are reported.
        using var host = builder.Build();
        host.CheckSettings();
        await host.StartAsync();
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        if (replays)
        {
            var replay = host.Services.GetRequiredService<RejectedReplay>();
            return await EndAsync(host, stopping, "batch", async () => Report(await WhenFreeAsync(
                host.Services, () => replay.RunAsync(source is null ? [] : [source], stopping), outcome => outcome.LockedOut, stopping)));
        }

        var request =
            new IngestionRequest(RunTrigger.Command, source is null ? [] : [source], file is null ? null : Path.GetFullPath(file));
        var pipeline = host.Services.GetRequiredService<IngestionPipeline>();
        return await EndAsync(host, stopping, "page", async () =>
        {
            var outcome = await IngestionConsole.ShowAsync(
                progress => WhenFreeAsync(
                    host.Services, () => pipeline.RunAsync(request, progress, stopping), outcome => outcome.LockedOut, stopping),
                host.Services.GetRequiredService<TimeProvider>());
            if (!outcome.LockedOut && !stopping.IsCancellationRequested)
            {
                await host.Services.GetRequiredService<AssetSearch>().RefreshAsync(stopping);
            }

            return Report(outcome);
        });
    }

    /// <summary>Does the work; while a backfill holds the lock, waits until it yields after its current call.</summary>
    private static async Task<T> WhenFreeAsync<T>(
        IServiceProvider services, Func<Task<T>> work, Func<T, bool> isLockedOut, CancellationToken stopping)
    {
        var outcome = await work();
        if (!isLockedOut(outcome) || !await services.GetRequiredService<BackfillStore>().IsRunningAsync(stopping))
        {
            return outcome;
        }

        var (time, runLock) = (services.GetRequiredService<TimeProvider>(), services.GetRequiredService<RunLock>());
        for (var began = time.GetTimestamp(); isLockedOut(outcome) && time.GetElapsedTime(began) < YieldTime;)
        {
            await runLock.AskForAsync();
            await Task.Delay(LookInterval, time, stopping);
            outcome = await work();
        }

        return outcome;
    }

    /// <summary>Does the work, reports a cancellation in one line, and stops the host.</summary>
    private static async Task<int> EndAsync(IHost host, CancellationToken stopping, string unit, Func<Task<int>> work)
    {
        try
        {
            return await work();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            Console.WriteLine($"stopped after a whole {unit}; the same command resumes there.");
            return ExitCodes.Cancelled;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("failed: the run lock was lost.");
            return ExitCodes.Failed;
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }
    }

    private static int ReportLockedOut()
    {
        Console.Error.WriteLine("locked out: an ingestion is running; try again when it has finished.");
        return ExitCodes.LockedOut;
    }

    private static int Report(ReplayOutcome outcome)
    {
        if (outcome.LockedOut)
        {
            return ReportLockedOut();
        }

        if (outcome.Sources.Count == 0)
        {
            Console.WriteLine("nothing to read again: rejected rows of files come with their file, once that is corrected.");
        }

        foreach (var source in outcome.Sources)
        {
            Console.WriteLine(
                $"{source.Source}: {source.Read} rejected records read again: {source.Loaded} loaded, {source.Superseded} superseded by "
                + $"newer ones, {source.StillRejected} still rejected{(source.Error is null ? "" : $": failed: {source.Error}")}");
        }

        return outcome.Sources.All(source => source.Error is null) ? ExitCodes.Completed : ExitCodes.Failed;
    }

    private static string Describe(PageOutcome sum) =>
        $"{sum.Read} read, {sum.Inserted} new, {sum.Updated} changed, {sum.Unchanged} unchanged, {sum.Duplicates} duplicates, "
        + $"{sum.Rejected} rejected";

    private static int Report(IngestionOutcome outcome)
    {
        if (outcome.LockedOut)
        {
            return ReportLockedOut();
        }

        foreach (var source in outcome.Sources)
        {
            var error = source.Error is null ? "" : $": {source.Error}";
            Console.WriteLine($"{source.Source}: {source.Status}: {Describe(source.Totals)}{error}");
            foreach (var (title, sum) in source.Streams.Count > 1 ? source.Streams : [])
            {
                Console.WriteLine($"  {title}: {Describe(sum)}");
            }
        }

        if (outcome.Sources.Any(source => source.Status == RunStatus.Cancelled))
        {
            Console.WriteLine("stopped after a whole page; the same command resumes there.");
            return ExitCodes.Cancelled;
        }

        return outcome.Succeeded ? ExitCodes.Completed : ExitCodes.Failed;
    }
}
