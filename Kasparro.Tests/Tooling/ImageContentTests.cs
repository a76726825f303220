using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Kasparro.Tests.Tooling;

/// <summary>
/// Builds images from these tests' own build, in an environment full of secrets, and reads their whole content. The base image is a
/// stand-in, because the content of the real one is not under test.
/// </summary>
public sealed class ImageContentTests : IDisposable
{
    private const string Marker = "marker-image-4f6ad08e";

    // Secrets that the environment of a developer or a pipeline may contain during a build.
    private static readonly string[] SecretSettings =
    [
        "ConnectionStrings__kasparro", "ConnectionStrings__cache", "Operator__Key", "Operator__PreviousKey", "Sources__CoinPaprika__ApiKey",
        "Sources__CoinGecko__ApiKey",
        "Parameters__operator-key", "Parameters__coingecko-api-key", "POSTGRES_PASSWORD", "REDIS_PASSWORD", "OPERATOR_KEY",
        "OTEL_EXPORTER_OTLP_HEADERS",
    ];

    private static readonly string[] ProgramFiles = [
        ".dll", ".so", ".pdb", ".xml", ".deps.json", ".runtimeconfig.json", ".staticwebassets.endpoints.json"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kasparro-image-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("Api", "appsettings.json")]
    [InlineData("Ingestion", "data/sample.csv", "identity-overrides.yaml")]
    public async Task Image_holds_the_program_and_no_secret_of_who_built_it(string service, params string[] besidePrograms)
    {
        var blobs = await BuildAsync(service);
        var config = blobs.Values.Select(AsConfig).OfType<JsonElement>().Single();
        var files = blobs.Values.SelectMany(Files).ToList();

        Assert.Contains(files, file => file.Name == $"app/Kasparro.{service}.dll" && Holds(file.Content, $"Kasparro.{service}"));
        Assert.Contains(files, file => file.Name == "etc/base"); // Shows that the base image's layer was read as well.
        var others = files.Where(file => file.Name.StartsWith("app/", StringComparison.Ordinal))
            .Select(file => file.Name["app/".Length..])
            .Where(name => name != $"Kasparro.{service}" && !ProgramFiles.Any(end => name.EndsWith(end, StringComparison.Ordinal)));
        Assert.Equal(besidePrograms, others.Order(StringComparer.Ordinal));

        Assert.Empty(files.Where(file => Holds(file.Content, Marker)).Select(file => file.Name));
        Assert.DoesNotContain(blobs, blob => Holds(blob.Value, Marker));

        string[] environment = [
            "PATH", "APP_UID", "ASPNETCORE_HTTP_PORTS", "DOTNET_RUNNING_IN_CONTAINER", "ASPNETCORE_URLS", "Shutdown__DrainDelay"];
        Assert.Empty(
            config.GetProperty("config").GetProperty("Env").EnumerateArray().Select(setting => setting.GetString()!.Split('=')[0])
                .Except(environment, StringComparer.Ordinal));
        Assert.Equal("1654", config.GetProperty("config").GetProperty("User").GetString());
    }

    /// <summary>Builds an image and returns its blobs by their paths in the archive.</summary>
    private async Task<IReadOnlyDictionary<string, byte[]>> BuildAsync(string service)
    {
        var cancellationToken = Cancellation;
        await using var registry = await BaseImageRegistry.StartAsync(cancellationToken);
        var archive = Path.Combine(_folder.FullName, "image.tar");
        var start = new ProcessStartInfo(
            "dotnet",
            [
                "publish", RepositoryFiles.At($"Kasparro.{service}/Kasparro.{service}.csproj"), "-t:PublishContainer",
                "-c", BuildConfiguration.Name, "--no-build", "-nodeReuse:false", $"-p:ContainerBaseImage={registry.Authority}/base:1",
                $"-p:ContainerArchiveOutputPath={archive}", $"-p:PublishDir={_folder.FullName}/publish/",
            ])
        {
            Environment = { ["DOTNET_CONTAINER_INSECURE_REGISTRIES"] = registry.Authority },
        };
        foreach (var setting in SecretSettings)
        {
            start.Environment[setting] = $"{Marker}-{setting}";
        }

        var (exitCode, output, _) = await start.RunAsync(cancellationToken);
        Assert.True(exitCode == 0, output);

        return Read(File.OpenRead(archive)).ToDictionary(file => file.Name, file => file.Content, StringComparer.Ordinal);
    }

    private static JsonElement? AsConfig(byte[] blob)
    {
        if (blob.Length == 0 || blob[0] != '{')
        {
            return null;
        }

        var json = JsonDocument.Parse(blob).RootElement;
        return json.TryGetProperty("rootfs", out _) ? json : null;
    }

    private static IEnumerable<(string Name, byte[] Content)> Files(byte[] blob) =>
        blob is [0x1f, 0x8b, ..] ? Read(new GZipStream(new MemoryStream(blob), CompressionMode.Decompress)) : [];

    private static List<(string Name, byte[] Content)> Read(Stream archive)
    {
        var files = new List<(string, byte[])>();
        using var tar = new TarReader(archive);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
            {
                continue;
            }

            using var content = new MemoryStream();
            entry.DataStream?.CopyTo(content);
            files.Add((entry.Name.TrimStart('.', '/'), content.ToArray()));
        }

        return files;
    }

    // .NET stores string literals in UTF-16.
    private static bool Holds(byte[] content, string text) =>
        content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0 || content.AsSpan().IndexOf(Encoding.Unicode.GetBytes(text)) >= 0;
}
