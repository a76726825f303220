using System.Diagnostics;
using System.Globalization;

namespace Kasparro.Tests.Hosting;

internal static class ProcessExtensions
{
    /// <summary>Runs a program until it ends.</summary>
    /// <returns>Its exit code, and what it wrote to its output and to its error output.</returns>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        this ProcessStartInfo start, CancellationToken cancellationToken)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, output, await errors);
    }

    /// <summary>Starts a program that runs until it is ended, and discards its output.</summary>
    public static Process StartSilent(this ProcessStartInfo start)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Sends a signal, given by its name.</summary>
    public static async Task SignalAsync(this Process process, string signal, CancellationToken cancellationToken)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(cancellationToken);
    }
}
