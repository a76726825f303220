namespace Kasparro.Tests.Integration.Api;

/// <summary>
/// clients/typescript is generated from docs/openapi.json, compiles in strict mode, and matches the API's actual responses.
/// </summary>
[Takes(50)]
public sealed class TypeScriptClientTests(SeededApi seeded) : IClassFixture<SeededApi>
{
    private static readonly NpmProject Client = new("clients/typescript");

    [Fact]
    public async Task Client_is_generated_compiled_and_understood_by_the_api()
    {
        await Client.InstallAsync(Cancellation);
        await Client.RunAsync("npm", ["run", "generate"], Cancellation);
        await Client.RunAsync("npm", ["run", "build"], Cancellation);

        var output = await Client.RunAsync(
            "node", ["dist/example.js", seeded.Api.Client.BaseAddress!.GetLeftPart(UriPartial.Authority)], Cancellation);

        string[] expected =
        [
            "BTC 64210.55", "NaN no price", $"{SeededApi.Assets} assets, as the total says: true", "400 page",
        ];
        Assert.All(expected, line => Assert.Contains(line, output.Split('\n'), StringComparer.Ordinal));
        Assert.Contains(" is listed by ", output, StringComparison.Ordinal);
    }
}
