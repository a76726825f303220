using System.Diagnostics;
using YamlDotNet.Serialization;

namespace Kasparro.Tests.Unit.Repository;

/// <summary>The alert rules: that Prometheus takes them, and that each fires on series made for it.</summary>
public sealed class AlertTests
{
    private static readonly string Folder = RepositoryFiles.At("deploy/prometheus");

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
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == 0, output + await errors);
    }

    [Fact]
    public void Each_alert_is_seen_to_fire_in_a_test_and_is_explained_to_operators()
    {
        var alerts = Rules("alerts.yaml", "groups").SelectMany(group => (List<object>)group["rules"])
            .Select(rule => (string)((Dictionary<object, object>)rule)["alert"]).ToList();
        var fired = Rules("alerts.test.yaml", "tests").SelectMany(test => (List<object>)test["alert_rule_test"])
            .Cast<Dictionary<object, object>>()
            .Where(test => ((List<object>)test["exp_alerts"]).Count > 0)
            .Select(test => (string)test["alertname"]);

        Assert.NotEmpty(alerts);
        Assert.Equal(alerts.Order(StringComparer.Ordinal), fired.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        var explained = RepositoryFiles.Text("docs/operations.md");
        Assert.All(alerts, alert => Assert.Contains($"| `{alert}` |", explained, StringComparison.Ordinal));
    }

    private static IEnumerable<Dictionary<object, object>> Rules(string file, string list) =>
        ((List<object>)new DeserializerBuilder().Build()
            .Deserialize<Dictionary<object, object>>(File.ReadAllText(Path.Combine(Folder, file)))[list])
            .Cast<Dictionary<object, object>>();
}
