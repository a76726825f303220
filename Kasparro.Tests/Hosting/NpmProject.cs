using System.Diagnostics;

namespace Kasparro.Tests.Hosting;

/// <summary>A folder of the repository with a <c>package.json</c> and a lock file, whose tools check the API.</summary>
internal sealed class NpmProject(string folder)
{
    private static readonly SemaphoreSlim Installing = new(1);

    private readonly string _path = RepositoryFiles.At(folder);

    /// <summary>
    /// Installs the packages pinned by the lock file, unless they are installed already; skips the test, with the reason, if npm is not
    /// installed or cannot fetch them.
    /// </summary>
    public async Task InstallAsync(CancellationToken cancellationToken)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        Assert.SkipUnless(path.Any(entry => File.Exists(Path.Combine(entry, "npm"))), $"npm is not installed: {folder} is not checked.");
        await Installing.WaitAsync(cancellationToken);
        try
        {
            var installed = Path.Combine(_path, "node_modules/.package-lock.json");
            if (File.Exists(installed)
                && File.GetLastWriteTimeUtc(installed) >= File.GetLastWriteTimeUtc(Path.Combine(_path, "package-lock.json")))
            {
                return;
            }

            var (exitCode, output) =
                await TryRunAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=0"], cancellationToken);
            Assert.SkipWhen(
                exitCode != 0,
                $"npm cannot fetch the packages of {folder}: "
                    + $"{output.Split('\n').FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal))}");
            File.SetLastWriteTimeUtc(installed, DateTime.UtcNow);
        }
        finally
        {
            Installing.Release();
        }
    }

    /// <summary>Runs a program in the folder and returns its output; fails the test if the exit code is not 0.</summary>
    public async Task<string> RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        var (exitCode, output) = await TryRunAsync(program, arguments, cancellationToken);
        Assert.True(exitCode == 0, output);
        return output;
    }

    /// <summary>Runs a program in the folder and returns its exit code and output.</summary>
    public async Task<(int ExitCode, string Output)> TryRunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        var (exitCode, output, errors) = await new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = _path,
            Environment = { ["REDOCLY_TELEMETRY"] = "off", ["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true", ["NO_COLOR"] = "1" },
        }.RunAsync(cancellationToken);
        return (exitCode, output + errors);
    }
}
