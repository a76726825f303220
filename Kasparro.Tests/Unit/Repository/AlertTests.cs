using System.Text.RegularExpressions;
using YamlDotNet.Serialization;

namespace Kasparro.Tests.Unit.Repository;

/// <summary>The alert rules: each is tested, documented, and based on existing metrics. <c>PromtoolTests</c> runs their tests.</summary>
public sealed partial class AlertTests
{
    private static readonly string Folder = RepositoryFiles.At("deploy/prometheus");

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

    [Fact]
    public void Alerts_dashboard_and_documentation_name_the_metrics_that_there_are()
    {
        var metrics = ((IEnumerable<string>)["Kasparro.Api", "Kasparro.Ingestion", "Kasparro.ServiceDefaults"])
            .SelectMany(project => Directory.EnumerateFiles(RepositoryFiles.At(project), "*.cs", SearchOption.AllDirectories))
            .SelectMany(file => Instrument().Matches(File.ReadAllText(file))).Select(match => match.Groups["name"].Value)
            .ToHashSet(StringComparer.Ordinal);
        var series = Series().Matches(
                RepositoryFiles.Text("deploy/prometheus/alerts.yaml") + RepositoryFiles.Text("deploy/grafana/kasparro.json"))
            .Select(match => match.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);

        Assert.NotEmpty(series);
        Assert.Subset(metrics.Select(name => name.Replace('.', '_')).ToHashSet(StringComparer.Ordinal), series);
        Assert.Equal(metrics.Order(StringComparer.Ordinal), Documented().Order(StringComparer.Ordinal));
    }

    // In `kasparro.a.b.c`, `.d`, what follows the dot replaces the end of the previous name.
    private static IEnumerable<string> Documented()
    {
        var text = RepositoryFiles.Text("docs/operations.md");
        var table = text[text.IndexOf("| metric | what it counts |", StringComparison.Ordinal)..];
        var before = "";
        foreach (var name in MetricName().Matches(table[..table.IndexOf("\n\n", StringComparison.Ordinal)])
            .Select(match => match.Groups["name"].Value))
        {
            before = name[0] != '.' ? name
                : string.Join('.', before.Split('.')[..^name.Count(character => character == '.')]) + name;
            yield return before;
        }
    }

    // Span tags have only two parts.
    [GeneratedRegex(@"""(?<name>kasparro(\.[a-z_]+){2,})""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Instrument();

    // Prometheus's names end with a unit and a type.
    [GeneratedRegex(@"\b(?<name>kasparro_[a-z_]+?)(_seconds)?(_total|_bucket|_sum|_count)?\b(?!_)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Series();

    [GeneratedRegex(@"`(?<name>(kasparro)?\.[a-z_.]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MetricName();

    private static IEnumerable<Dictionary<object, object>> Rules(string file, string list) =>
        ((List<object>)new DeserializerBuilder().Build()
            .Deserialize<Dictionary<object, object>>(File.ReadAllText(Path.Combine(Folder, file)))[list])
            .Cast<Dictionary<object, object>>();
}
