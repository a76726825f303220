using System.Diagnostics;

namespace Kasparro.Tests.Tooling;

/// <summary>The alert rules: Prometheus accepts them, and each fires on series made for it.</summary>
public sealed class PromtoolTests
{
    [Theory]
    [InlineData("check", "rules", "alerts.yaml")]
    [InlineData("check", "config", "prometheus.yaml")]
    [InlineData("test", "rules", "alerts.test.yaml")]
    public async Task Promtool_accepts(params string[] arguments)
    {
        var promtool = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, "promtool")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(promtool is null, "promtool is not installed: apt-get install prometheus (Debian, Ubuntu) brings it.");

        using var process = Process.Start(new ProcessStartInfo(promtool!, arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = RepositoryFiles.At("deploy/prometheus"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == 0, output + await errors);
    }
}
