using System.Text.Json;

namespace Aspire.Hosting.Publishing;

/// <summary>The pipeline step <c>publish-manifest</c>: the only one that local hosting has.</summary>
internal sealed partial class ManifestPublisher(
    DistributedApplicationModel model, DistributedApplicationExecutionContext execution, IConfiguration configuration, ILogger<ManifestPublisher> logger)
{
    private const string Step = "publish-manifest";

    public async Task PublishAsync(CancellationToken cancellationToken)
    {
        var asked = configuration["Pipeline:Step"]
            ?? (string.Equals(configuration["Publishing:Publisher"], "manifest", StringComparison.OrdinalIgnoreCase) ? Step : "publish");
        if (asked != Step)
        {
            throw new DistributedApplicationException($"Local hosting has no pipeline step '{asked}', only {Step}: use HOSTING=aspire.");
        }

        var path = Path.GetFullPath(configuration["Pipeline:OutputPath"] ?? throw new DistributedApplicationException(
            "The '--output-path [path]' option was not specified even though manifest publishing was requested."));
        path = path.EndsWith(".json", StringComparison.Ordinal) ? path : Path.Combine(path, "aspire-manifest.json");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);

        var stream = new FileStream(path, FileMode.Create);
        await using (stream.ConfigureAwait(false))
        {
            var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
            await using (json.ConfigureAwait(false))
            {
                await new ManifestPublishingContext(execution, path, json, cancellationToken).WriteModelAsync(model).ConfigureAwait(false);
            }
        }

        Log.Published(logger, path);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Published manifest to: {Path}")]
        public static partial void Published(ILogger logger, string path);
    }
}
