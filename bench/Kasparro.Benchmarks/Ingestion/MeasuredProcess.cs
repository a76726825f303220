using System.Diagnostics;
using System.Globalization;

namespace Kasparro.Benchmarks.Ingestion;

/// <summary>One run of <c>ingest</c> by the product's own executable, measured from outside.</summary>
/// <param name="Peak">The peak of resident memory, in kB, as the system counts it.</param>
/// <param name="Took">The time from start to exit.</param>
/// <param name="Failure">Why the figures are meaningless; null if they are valid.</param>
internal sealed record MeasuredProcess(long Peak, TimeSpan Took, string? Failure)
{
    public static async Task<MeasuredProcess> RunAsync(
        string postgres, string redis, string upstream, string[] command, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Kasparro.Ingestion.dll"), "ingest", .. command])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in BenchPipeline.Settings(postgres, redis, upstream))
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var began = TimeProvider.System.GetTimestamp();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var peak = 0L;
        while (!process.HasExited)
        {
            peak = Math.Max(peak, HighWaterMark(process.Id));
            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
        }

        var took = TimeProvider.System.GetElapsedTime(began);
        var said = await output + await errors;
        var failure = $"`ingest {string.Join(' ', command)}` ended with {process.ExitCode}: {said.Trim()}";
        return new(peak, took, process.ExitCode == 0 ? null : failure);
    }

    /// <summary>Reads the peak of the process's resident memory so far, in kB; 0 if it has just exited.</summary>
    private static long HighWaterMark(int processId)
    {
        try
        {
            const string Label = "VmHWM:";
            var line = File.ReadLines($"/proc/{processId}/status").FirstOrDefault(line => line.StartsWith(Label, StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.AsSpan(Label.Length).Trim().TrimEnd(" kB"), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
