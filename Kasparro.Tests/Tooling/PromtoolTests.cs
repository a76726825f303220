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

        var (exitCode, output, errors) = await new ProcessStartInfo(promtool!, arguments)
        {
            WorkingDirectory = RepositoryFiles.At("deploy/prometheus"),
        }.RunAsync(Cancellation);

        Assert.True(exitCode == 0, output + errors);
    }
}
