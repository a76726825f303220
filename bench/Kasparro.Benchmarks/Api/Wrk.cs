using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Kasparro.Benchmarks.Reporting;

namespace Kasparro.Benchmarks.Api;

/// <summary>Debian's load generator <c>wrk</c>.</summary>
internal static partial class Wrk
{
    private const int Connections = 32;

    private static bool IsInstalled => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, "wrk")));

    /// <summary>A command that needs it (<see cref="ResultFile.CreateAsync"/>); 2 also where it is missing.</summary>
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
    /// <param name="duration">For how long; whole seconds.</param>
    /// <param name="threads">wrk's own threads; each runs the script by itself.</param>
    /// <param name="script">A Lua script that makes the requests; null for the URL as it is.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InvalidOperationException">wrk failed, or a request did.</exception>
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

/// <summary>What a load came to.</summary>
/// <param name="Requests">All of them.</param>
/// <param name="Rate">Requests a second.</param>
/// <param name="P99">Milliseconds.</param>
/// <param name="Processor">What the server used of its processors, microseconds a request; not a number where nobody looked.</param>
internal readonly record struct Load(long Requests, double Rate, double P99, double Processor);
