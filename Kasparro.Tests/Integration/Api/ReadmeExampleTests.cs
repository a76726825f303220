using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Kasparro.Tests.Integration.Api;

/// <summary>
/// The README's API examples, run by bash against an API on a simulated catalogue. The output of a block <c>sh</c> must match the block
/// after it: JSON has the same fields of the same kinds, text begins with the same line.
/// </summary>
public sealed partial class ReadmeExampleTests(BackingServices services)
{
    private const string Key = "operator-key-of-a-test-0123456789";
    private const string Address = "http://localhost:8000";

    [Fact]
    public async Task Examples_answer_what_is_shown()
    {
        await using var catalogue = await SimulatedCatalogue.CreateAsync(services, assets: 200, Cancellation);
        await using var api = await ApiHarness.StartOnAsync(
            catalogue.Connections.Catalogue, catalogue.Connections.Cache, Cancellation, $"--Operator:Key={Key}");
        var folder = Directory.CreateTempSubdirectory("kasparro-readme-");
        var examples = Example().Matches(RepositoryFiles.Text("README.md")).ToList();
        Assert.NotEmpty(examples);

        var wrong = new List<string>();
        foreach (var example in examples)
        {
            var command = example.Groups["command"].Value;
            var (exitCode, answer) = await RunAsync(command, api.Client.BaseAddress!, folder.FullName);
            var problem = exitCode != 0
                ? $"exit code {exitCode}"
                : Compare(example.Groups["kind"].Value, example.Groups["shown"].Value, answer);
            if (problem is not null)
            {
                wrong.Add($"{command}{problem}\n{answer[..Math.Min(answer.Length, 1500)]}");
            }
        }

        folder.Delete(recursive: true);
        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong));
    }

    private static async Task<(int ExitCode, string Answer)> RunAsync(string command, Uri api, string folder)
    {
        // Every response that does not report success is an error.
        var script = $"set -euo pipefail\ncurl() {{ command curl --silent --show-error --fail-with-body --max-time 10 \"$@\"; }}\n" +
            $"dotnet() {{ [[ $* == \"aspire secret get Parameters:operator-key\" ]] && echo {Key}; }}\n" +
            command.Replace(Address, api.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal);
        var (exitCode, answer, errors) = await new ProcessStartInfo("bash", ["-c", script]) { WorkingDirectory = folder }
            .RunAsync(Cancellation);
        return (exitCode, answer + errors);
    }

    private static string? Compare(string kind, string shown, string answer)
    {
        if (kind != "json")
        {
            return answer.StartsWith(shown.Split('\n')[0], StringComparison.Ordinal) ? null : $"does not begin with {shown.Split('\n')[0]}";
        }

        // … stands for omitted parts.
        var expected = JsonNode.Parse(Left().Replace(shown, ""))!;
        return Difference("$", expected, JsonNode.Parse(answer));
    }

    private static string? Difference(string path, JsonNode? shown, JsonNode? found) => (shown, found) switch
    {
        (JsonObject expected, JsonObject actual) => expected
            .Select(field =>
                actual.ContainsKey(field.Key)
                    ? Difference($"{path}.{field.Key}", field.Value, actual[field.Key])
                    : $"{path} has no {field.Key}")
            .FirstOrDefault(difference => difference is not null),
        (JsonArray expected, JsonArray actual) => expected.Count > actual.Count ? $"{path} has {actual.Count} elements" : expected
            .Select((element, index) => Difference($"{path}[{index}]", element, actual[index]))
            .FirstOrDefault(difference => difference is not null),
        _ when shown?.GetValueKind() != found?.GetValueKind() => $"{path} is {found?.GetValueKind()}, not {shown?.GetValueKind()}",
        _ when Words().IsMatch(path) && !JsonNode.DeepEquals(shown, found) => $"{path} is {found}, not {shown}",
        _ => null,
    };

    /// <summary>
    /// Matches fields with one of a few words, which clients compare; all other values depend on what was read when.
    /// </summary>
    [GeneratedRegex(@"\.(status|database|cache|etl|trigger|interval|kind)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Words();

    [GeneratedRegex("```sh\n(?<command>[^`]*?)```\n+```(?<kind>json|csv|text)\n(?<shown>[^`]*?)```", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Example();

    [GeneratedRegex(@",?\s*…", RegexOptions.None, 1000)]
    private static partial Regex Left();
}
