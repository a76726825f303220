using System.Text;

namespace Kasparro.Tests.Integration.Api;

/// <summary>Clients generate code from docs/openapi.json, so every change of the API shows up there, in the diff of its commit.</summary>
public sealed class OpenApiSnapshotTests(SeededApi seeded) : IClassFixture<SeededApi>
{
    [Fact]
    public async Task Served_document_is_the_committed_one()
    {
        var path = RepositoryFiles.At("docs/openapi.json");
        var served = await seeded.Api.Client.GetStringAsync(
            new Uri("/openapi/v1.json", UriKind.Relative), Cancellation);
        served = served.ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable("KASPARRO_OPENAPI") == "write")
        {
            await File.WriteAllTextAsync(
                path, served, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), Cancellation);
        }

        var committed = File.Exists(path) ? await File.ReadAllTextAsync(path, Cancellation) : "";
        Assert.True(committed == served,
            "The API's description is not docs/openapi.json any more. If that is meant: make openapi, and look at the diff.");
    }
}
