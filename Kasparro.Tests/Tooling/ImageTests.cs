using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Kasparro.Tests.Tooling;

/// <summary>The images' settings for the .NET SDK; building the images would require a registry with their base images.</summary>
public sealed class ImageTests
{
    [Theory]
    [InlineData("Api")]
    [InlineData("Ingestion")]
    public async Task Image_is_chiseled_not_root_labelled_and_for_both_architectures(string service)
    {
        var evaluated = await EvaluateAsync(
            RepositoryFiles.At($"Kasparro.{service}/Kasparro.{service}.csproj"),
            "ImageVersion=1.2.3", "ImageIsLatest=true", "ImageRevision=abc", "ImageArchitectures=all");
        var properties = evaluated["Properties"]!;

        Assert.EndsWith("-chiseled-extra", (string)properties["ContainerFamily"]!, StringComparison.Ordinal);
        Assert.Equal("1654", (string)properties["ContainerUser"]!);
        Assert.Equal($"kasparro-{service}".ToLowerInvariant(), (string)properties["ContainerRepository"]!);
        Assert.Equal("1.2.3;latest", (string)properties["ContainerImageTags"]!);
        Assert.Equal("linux-x64;linux-arm64", (string)properties["RuntimeIdentifiers"]!);

        Assert.NotEqual("", (string)properties["ContainerTitle"]!);
        Assert.NotEqual("", (string)properties["ContainerDescription"]!);
        // The SDK passes labels on as a list with this separator.
        Assert.DoesNotContain(";", (string)properties["ContainerDescription"]!, StringComparison.Ordinal);
        Assert.Equal("", (string)properties["ContainerBaseImage"]!);
        Assert.Equal("8080", (string)Assert.Single(evaluated["Items"]!["ContainerPort"]!.AsArray())!["Identity"]!);
        var label = Assert.Single(evaluated["Items"]!["ContainerLabel"]!.AsArray())!;
        Assert.Equal(("org.opencontainers.image.revision", "abc"), ((string)label["Identity"]!, (string)label["Value"]!));
    }

    // For a list, even with one element, the SDK builds an image index, which most container engines cannot load.
    [Fact]
    public async Task Image_for_one_architecture_is_one_image()
    {
        var evaluated = await EvaluateAsync(
            RepositoryFiles.At("Kasparro.Api/Kasparro.Api.csproj"), "ImageVersion=1.2.3", "ImageArchitectures=linux-arm64");

        Assert.Equal("", (string)evaluated["Properties"]!["RuntimeIdentifiers"]!);
        Assert.Equal("linux-arm64", (string)evaluated["Properties"]!["RuntimeIdentifier"]!);
    }

    private static async Task<JsonNode> EvaluateAsync(string project, params string[] settings)
    {
        var (exitCode, output, _) = await new ProcessStartInfo(
            "dotnet",
            [
                "msbuild", project, .. settings.Select(setting => $"-p:{setting}"), "-nodeReuse:false",
                "-getProperty:ContainerFamily,ContainerUser,ContainerRepository,ContainerImageTags,RuntimeIdentifier,RuntimeIdentifiers,"
                    + "ContainerTitle,ContainerDescription,ContainerBaseImage",
                "-getItem:ContainerPort,ContainerLabel",
            ]).RunAsync(Cancellation);
        Assert.True(exitCode == 0, output);
        return JsonNode.Parse(output)!;
    }
}
