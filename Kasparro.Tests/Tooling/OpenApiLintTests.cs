using System.Text.Json.Nodes;

namespace Kasparro.Tests.Tooling;

/// <summary>Third-party linters on docs/openapi.json, which <c>OpenApiSnapshotTests</c> keeps equal to what the API serves.</summary>
public sealed class OpenApiLintTests
{
    private static readonly NpmProject Tools = new("clients/conformance");

    [Fact]
    public async Task Redocly_finds_no_error_and_no_warning_by_its_recommended_rules()
    {
        await Tools.InstallAsync(Cancellation);

        var (_, output) = await Tools.TryRunAsync("npm", ["run", "--silent", "redocly", "--", "--format=json"], Cancellation);

        var report = JsonNode.Parse(output[output.IndexOf('{', StringComparison.Ordinal)..(output.LastIndexOf('}') + 1)])!;
        Assert.Equal((0, 0), ((int)report["totals"]!["errors"]!, (int)report["totals"]!["warnings"]!));
        Assert.Empty(report["problems"]!.AsArray());
    }

    [Fact]
    public async Task Spectral_finds_no_error_and_no_warning_by_its_rules_for_OpenAPI()
    {
        await Tools.InstallAsync(Cancellation);

        var (exitCode, output) = await Tools.TryRunAsync("npm", ["run", "--silent", "spectral", "--", "--format=json"], Cancellation);

        Assert.True(exitCode == 0, output);
        Assert.Empty(JsonNode.Parse(output[output.IndexOf('[', StringComparison.Ordinal)..(output.LastIndexOf(']') + 1)])!.AsArray());
    }
}
