using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Kasparro.Benchmarks.Reporting;

namespace Kasparro.Benchmarks.Api;

/// <summary>Runs Debian's load generator <c>wrk</c>.</summary>
internal static partial class Wrk
{
    private const int Connections = 32;

    private static bool IsInstalled => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, "wrk")));

    /// <summary>Runs a command that needs wrk (<see cref="ResultFile.CreateAsync"/>); also returns 2 if wrk is missing.</summary>
    public static async Task<int> CreateAsync(
        string title, string[] args, Func<BenchArguments, Task<Action<Report>>> measure, CancellationToken cancellationToken)
    {
        if (IsInstalled)
        {
            return await ResultFile.CreateAsync(title, args, measure, cancellationToken);
        }

        await Console.Error.WriteLineAsync("wrk is not installed: apt-get install wrk");
        return 2;
    }

    /// <summary>Loads a URL over 32 connections.</summary>
    /// <param name="url">The URL.</param>
    /// <param name="duration">How long to load it, in whole seconds.</param>
    /// <param name="threads">The number of wrk's threads; each runs the script independently.</param>
    /// <param name="script">A Lua script that creates the requests; null for the URL itself.</param>
    /// <param name="cancellationToken">Cancels the load.</param>
    /// <exception cref="InvalidOperationException">wrk or a request failed.</exception>
    public static async Task<Load> RunAsync(string url, TimeSpan duration, int threads, string? script, CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            $"-t{threads}", $"-c{Connections}", $"-d{duration.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)}s", "--latency",
            "--timeout", "10s",
            .. script is null ? Array.Empty<string>() : ["-s", script], url,
        ];
        using var process = Process.Start(
            new ProcessStartInfo(
                "wrk", arguments)
            { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        await using var ended = cancellationToken.Register(() => process.Kill());
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0 || output.Contains("Non-2xx", StringComparison.Ordinal)
            || output.Contains("Socket errors", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"wrk {url}: {output.Trim()} {(await errors).Trim()}");
        }

        var (total, rate, p99) = (Total().Match(output), Rate().Match(output), P99().Match(output));
        return new(
            long.Parse(total.Groups["count"].Value, CultureInfo.InvariantCulture),
            double.Parse(rate.Groups["rate"].Value, CultureInfo.InvariantCulture),
            double.Parse(p99.Groups["value"].Value, CultureInfo.InvariantCulture) * p99.Groups["unit"].Value switch
            {
                "us" => 1e-3,
                "ms" => 1,
                _ => 1e3
            },
            Processor: double.NaN);
    }

    [GeneratedRegex(@"(?<count>\d+) requests in", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Total();

    [GeneratedRegex(@"Requests/sec:\s+(?<rate>[\d.]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Rate();

    [GeneratedRegex(@"99%\s+(?<value>[\d.]+)(?<unit>us|ms|s)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex P99();
}

/// <summary>The result of a load.</summary>
/// <param name="Requests">The number of requests.</param>
/// <param name="Rate">The requests per second.</param>
/// <param name="P99">The 99th percentile of the latency, in milliseconds.</param>
/// <param name="Processor">The server's processor time per request, in microseconds; NaN if it was not measured.</param>
internal readonly record struct Load(long Requests, double Rate, double P99, double Processor);
