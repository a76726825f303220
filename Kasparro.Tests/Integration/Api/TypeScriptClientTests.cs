using System.Diagnostics;
using Kasparro.Tests.Unit.Repository;

namespace Kasparro.Tests.Integration.Api;

/// <summary>clients/typescript is generated from docs/openapi.json, compiles in strict mode, and what it was compiled for is what the API answers.</summary>
public sealed class TypeScriptClientTests(SeededApi seeded) : IClassFixture<SeededApi>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Client_is_generated_compiled_and_understood_by_the_api()
    {
        await InstallAsync();
        await RunAsync("npm", "run", "generate");
        await RunAsync("npm", "run", "build");

        var output = await RunAsync("node", "dist/example.js", seeded.Api.Client.BaseAddress!.GetLeftPart(UriPartial.Authority));

        string[] expected =
        [
            "BTC 64210.55", "TIE no price", $"{SeededApi.Assets} assets, as the total says: true", "400 page",
        ];
        Assert.All(expected, line => Assert.Contains(line, output.Split('\n'), StringComparer.Ordinal));
        Assert.Contains(" is listed by ", output, StringComparison.Ordinal);
    }

    private static async Task InstallAsync()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        Assert.SkipUnless(path.Any(folder => File.Exists(Path.Combine(folder, "npm"))), "npm is not installed: the TypeScript client is not generated.");
        var installed = RepositoryFiles.At("clients/typescript/node_modules/.package-lock.json");
        if (!File.Exists(installed) || File.GetLastWriteTimeUtc(installed) < File.GetLastWriteTimeUtc(RepositoryFiles.At("clients/typescript/package-lock.json")))
        {
            var (exitCode, output) = await TryRunAsync("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=0");
            Assert.SkipWhen(exitCode != 0, $"npm cannot fetch what generates the TypeScript client: {output.Split('\n').FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal))}");
            File.SetLastWriteTimeUtc(installed, DateTime.UtcNow);
        }
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var (exitCode, output) = await TryRunAsync(program, arguments);
        Assert.True(exitCode == 0, output);
        return output;
    }

    private static async Task<(int ExitCode, string Output)> TryRunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = RepositoryFiles.At("clients/typescript"),
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync(Cancellation);
        var output = await process.StandardOutput.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        return (process.ExitCode, output + await error);
    }
}
