using System.Diagnostics;
using Aspire.Hosting;
using Kasparro.Tests.Unit.Repository;

namespace Kasparro.Tests.AppHost;

/// <summary>The deployment manifest, byte for byte: ours as committed, and a reference graph's as real Aspire 13.5 wrote it.</summary>
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

        var committed = await File.ReadAllTextAsync(RepositoryFiles.At("aspire-manifest.json"), TestContext.Current.CancellationToken);
        Assert.Equal(committed, await WrittenAsync());
    }

    [Fact]
    public async Task Manifest_of_the_reference_graph_equals_real_Aspires()
    {
        var reference = RepositoryFiles.At("../shared/aspire-reference/aspire-manifest.json");
        Assert.SkipUnless(File.Exists(reference), $"{reference} is not there: it lies beside the clone on machines of this project only.");

        await using var app = ReferenceGraph();
        await app.RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(await File.ReadAllTextAsync(reference, TestContext.Current.CancellationToken), await WrittenAsync());
    }

    [Fact]
    public async Task Host_names_the_missing_option_when_there_is_no_output_path()
    {
        var (exitCode, output) = await RunAppHostAsync(["--operation", "publish", "--step", "publish-manifest"]);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("--output-path", output, StringComparison.Ordinal);
    }

    // shared/aspire-reference/AppHost.cs, and WithReplicas, of which its README says that it leaves no trace.
    private DistributedApplication ReferenceGraph()
    {
        var builder = DistributedApplication.CreateBuilder(
            ["--operation", "publish", "--step", "publish-manifest", "--output-path", Path.Combine(_folder.FullName, "aspire-manifest.json")]);

        var postgres = builder.AddPostgres("postgres");
        var catalog = postgres.AddDatabase("kasparro");
        var cache = builder.AddRedis("cache");
        if (builder.ExecutionContext.IsRunMode)
        {
            postgres.WithDataVolume("kasparro-ref-pg");
        }

        var paprikaUrl = builder.AddParameter("coinpaprika-url", "https://api.coinpaprika.com/v1/");
        var paprikaKey = builder.AddParameter("coinpaprika-api-key", "", secret: true);

        var migrations = builder.AddProject<Projects.Kasparro_Ingestion>("migrations", launchProfileName: null)
            .WithArgs("migrate")
            .WithReference(catalog).WaitFor(catalog);

        builder.AddProject<Projects.Kasparro_Ingestion>("ingestion", launchProfileName: null)
            .WithHttpEndpoint()
            .WithHttpHealthCheck("/health")
            .WithEnvironment("Sources__CoinPaprika__BaseUrl", paprikaUrl)
            .WithEnvironment("Sources__CoinPaprika__ApiKey", paprikaKey)
            .WithReference(catalog).WithReference(cache).WaitFor(cache)
            .WaitForCompletion(migrations);

        builder.AddProject<Projects.Kasparro_Api>("api", launchProfileName: null)
            .WithHttpEndpoint(port: 8000)
            .WithExternalHttpEndpoints()
            .WithReplicas(2)
            .WithHttpHealthCheck("/health")
            .WithReference(catalog).WithReference(cache).WaitFor(cache)
            .WaitForCompletion(migrations);

        return builder.Build();
    }

    private async Task PublishAsync(string[] arguments)
    {
        var (exitCode, output) = await RunAppHostAsync([.. arguments, "--output-path", _folder.FullName]);
        Assert.True(exitCode == 0, output);
    }

    private static async Task<(int ExitCode, string Output)> RunAppHostAsync(string[] arguments)
    {
        var appHost = Path.Combine(Projects.Kasparro_AppHost.ProjectPath, "bin", BuildConfiguration.Name, "net10.0", "Kasparro.AppHost.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [appHost, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Projects.Kasparro_AppHost.ProjectPath,
        })!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await error);
    }

    // Paths in a manifest are relative to it; the yardsticks lie at the repository's root.
    private async Task<string> WrittenAsync() =>
        (await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "aspire-manifest.json"), TestContext.Current.CancellationToken))
            .Replace(Path.GetRelativePath(_folder.FullName, RepositoryFiles.Root).Replace('\\', '/') + '/', "", StringComparison.Ordinal);
}
