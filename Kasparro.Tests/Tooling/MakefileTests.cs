using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Kasparro.Tests.Tooling;

/// <summary>The Makefile's targets and the scripts behind them, parsed by make and bash without starting anything.</summary>
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

    [Theory]
    [InlineData("exit 0", "ready")]
    [InlineData("echo no network >&2; exit 1",
        "error: the Aspire CLI is not available (no network): "
            + "dotnet run -c Release --project Kasparro.AppHost -- --Upstreams=live runs the graph without it")]
    public async Task A_fresh_clone_goes_on_with_the_Aspire_CLI_and_says_why_it_cannot_be_had(string dotnet, string expected)
    {
        var folder = Directory.CreateTempSubdirectory("kasparro-scripts-").FullName;
        try
        {
            var (_, output) = await RunAsync(
                "bash", "-c", $"source scripts/lib.sh; STATE={folder}; dotnet() {{ ({dotnet}); }}; require_aspire live 2>&1; echo ready");

            Assert.Equal(expected, output.TrimEnd());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("up.sh", "PORT", "http", "error: PORT=http: a port is a number from 1 to 65535")]
    [InlineData("up.sh", "PORT", "65536", "error: PORT=65536: a port is a number from 1 to 65535")]
    [InlineData("restart.sh", "UPSTREAMS", "x", "error: UPSTREAMS=x: expected auto, live, simulated or recorded:DIR")]
    public async Task A_mistake_is_told_before_anything_is_stopped_or_built(string script, string name, string value, string expected)
    {
        var (exitCode, output) = await RunAsync("bash", "-c", $"{name}={value} scripts/{script} 2>&1");

        Assert.Equal((1, expected), (exitCode, output.TrimEnd()));
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        var (exitCode, output, _) = await new ProcessStartInfo(program, arguments) { WorkingDirectory = RepositoryFiles.Root }
            .RunAsync(Cancellation);
        return (exitCode, output);
    }

    [GeneratedRegex("^(?<name>[a-z-]+):.*## ", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Target();

    [GeneratedRegex(@"scripts/[a-z-]+\.sh", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Script();
}
