using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Kasparro.Tests.Tooling;

/// <summary>The targets of the Makefile and the scripts behind them, as make and bash read them; none is run.</summary>
public sealed partial class MakefileTests
{
    private static readonly string Makefile = RepositoryFiles.Text("Makefile");

    [Fact]
    public async Task Targets_can_be_made_and_are_listed()
    {
        var targets = Target().Matches(Makefile).Select(match => match.Groups["name"].Value).ToList();
        Assert.NotEmpty(targets);
        foreach (var target in targets)
        {
            var (exitCode, output) = await RunAsync("make", "--dry-run", "--no-print-directory", target);
            Assert.True(exitCode == 0, $"make {target}: {output}");
        }

        var (_, help) = await RunAsync("make", "--no-print-directory");
        Assert.All(targets, target => Assert.Contains($"  make {target} ", help, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Scripts_behind_the_targets_are_bash_that_parses()
    {
        var scripts = Script().Matches(Makefile).Select(match => RepositoryFiles.At(match.Value)).ToList();
        Assert.NotEmpty(scripts);
        foreach (var script in scripts)
        {
            var (exitCode, output) = await RunAsync("bash", "-n", script);
            Assert.True(exitCode == 0, output);
        }
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = RepositoryFiles.Root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output);
    }

    [GeneratedRegex("^(?<name>[a-z-]+):.*## ", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Target();

    [GeneratedRegex(@"scripts/[a-z-]+\.sh", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Script();
}
