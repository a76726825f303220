using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kasparro.Tests.Tooling;

/// <summary>
/// An OCI registry on loopback (the pull part of the OCI Distribution Specification 1.1) with one image, whose only layer is one small
/// file. It replaces the registry of the SDK's base images, so that a real image can be built without access to that registry.
/// </summary>
internal sealed class BaseImageRegistry : IAsyncDisposable
{
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";

    private readonly WebApplication _app;
    private readonly Dictionary<string, byte[]> _blobs = new(StringComparer.Ordinal);
    private readonly byte[] _manifest;

    private BaseImageRegistry(WebApplication app)
    {
        _app = app;
        var layer = Layer();
        var compressed = Compressed(layer);
        var config = JsonSerializer.SerializeToUtf8Bytes(new
        {
            architecture = "amd64",
            os = "linux",
            config = new
            {
                User = "1654",
                Env = new[] { "PATH=/usr/bin", "APP_UID=1654", "ASPNETCORE_HTTP_PORTS=8080", "DOTNET_RUNNING_IN_CONTAINER=true" }
            },
            rootfs = new { type = "layers", diff_ids = new[] { Digest(layer) } },
            history = new[] { new { created = "2026-01-01T00:00:00Z", created_by = "test" } },
        });
        _manifest = JsonSerializer.SerializeToUtf8Bytes(new
        {
            schemaVersion = 2,
            mediaType = ManifestType,
            config = new { mediaType = "application/vnd.oci.image.config.v1+json", digest = Add(config), size = config.Length },
            layers = new[] { new { mediaType = "application/vnd.oci.image.layer.v1.tar+gzip", digest = Add(compressed),
                size = compressed.Length } },
        });
    }

    /// <summary>The host and port.</summary>
    public string Authority =>
        new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Authority;

    public static async Task<BaseImageRegistry> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var registry = new BaseImageRegistry(app);
        app.MapGet("/v2/", () => Results.Ok());
        app.MapMethods("/v2/{name}/manifests/{reference}", ["GET", "HEAD"],
            (HttpContext context) => Answer(context, registry._manifest, ManifestType));
        app.MapMethods("/v2/{name}/blobs/{digest}", ["GET", "HEAD"], (HttpContext context, string digest) =>
            registry._blobs.TryGetValue(digest, out var blob) ? Answer(context, blob, "application/octet-stream") : Results.NotFound());
        await app.StartAsync(cancellationToken);
        return registry;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static IResult Answer(HttpContext context, byte[] body, string type)
    {
        context.Response.Headers["Docker-Content-Digest"] = Digest(body);
        return Results.Bytes(body, type);
    }

    private static string Digest(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";

    private static byte[] Layer()
    {
        using var layer = new MemoryStream();
        using (var tar = new TarWriter(layer, leaveOpen: true))
        {
            tar.WriteEntry(
                new PaxTarEntry(
                    TarEntryType.RegularFile, "etc/base")
                { DataStream = new MemoryStream(Encoding.UTF8.GetBytes("a base image\n")) });
        }

        return layer.ToArray();
    }

    private static byte[] Compressed(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return compressed.ToArray();
    }

    private string Add(byte[] content)
    {
        var digest = Digest(content);
        _blobs[digest] = content;
        return digest;
    }
}
