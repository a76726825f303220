using System.Diagnostics;

namespace Kasparro.Tests.AppHost;

/// <summary>The deployment manifest as written by Aspire's publisher.</summary>
public sealed class ManifestTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kasparro-manifest-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("--operation", "publish", "--step", "publish-manifest")]
    [InlineData("--publisher", "manifest")]
    public async Task Manifest_equals_the_committed_one_whatever_the_machine_is_told_about_upstreams(params string[] request)
    {
        await PublishAsync([.. request, "--Upstreams=simulated", "--Parameters:coingecko-api-key=secret", "--environment=Development"]);

        var committed = await File.ReadAllTextAsync(RepositoryFiles.At("aspire-manifest.json"), Cancellation);
        Assert.Equal(committed, await WrittenAsync());
    }

    private async Task PublishAsync(string[] arguments)
    {
        var (exitCode, output) = await RunAppHostAsync([.. arguments, "--output-path", _folder.FullName]);
        Assert.True(exitCode == 0, output);
    }

    private static async Task<(int ExitCode, string Output)> RunAppHostAsync(string[] arguments)
    {
        var appHost =
            Path.Combine(Projects.Kasparro_AppHost.ProjectPath, "bin", BuildConfiguration.Name, "net10.0", "Kasparro.AppHost.dll");
        var (exitCode, output, errors) = await new ProcessStartInfo("dotnet", [appHost, .. arguments])
        {
            WorkingDirectory = Projects.Kasparro_AppHost.ProjectPath,
        }.RunAsync(Cancellation);
        return (exitCode, output + errors);
    }

    // The paths in a manifest are relative to the manifest; the committed one is in the root of the repository.
    private async Task<string> WrittenAsync() =>
        (await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "aspire-manifest.json"), Cancellation))
            .Replace(Path.GetRelativePath(_folder.FullName, RepositoryFiles.Root).Replace('\\', '/') + '/', "", StringComparison.Ordinal);
}
