using YamlDotNet.Serialization;

namespace Kasparro.Tests.Unit.Repository;

/// <summary>The alert rules: that each is tested and explained. <c>PromtoolTests</c> runs their tests.</summary>
public sealed class AlertTests
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

    private static IEnumerable<Dictionary<object, object>> Rules(string file, string list) =>
        ((List<object>)new DeserializerBuilder().Build()
            .Deserialize<Dictionary<object, object>>(File.ReadAllText(Path.Combine(Folder, file)))[list])
            .Cast<Dictionary<object, object>>();
}
