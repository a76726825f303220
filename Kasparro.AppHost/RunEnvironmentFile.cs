using Kasparro.ServiceDefaults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kasparro.AppHost;

/// <summary>
/// Keeps <c>.kasparro/run.env</c> while the graph runs: the environment of the ingestion worker, one <c>NAME=value</c> a line, so that
/// <c>make ingest</c> can run one ingestion beside it. It holds passwords, so only its owner may read it; it goes when the graph stops.
/// </summary>
/// <remarks>
/// An environment callback on the resource would not do: Aspire evaluates those before endpoints are allocated, to learn what depends on what,
/// and a value awaited there never comes.
/// </remarks>
internal sealed partial class RunEnvironmentFile(
    DistributedApplicationModel model,
    DistributedApplicationExecutionContext execution,
    ResourceNotificationService notifications,
    ILogger<RunEnvironmentFile> logger,
    string path) : BackgroundService
{
    // Where the worker listens, which instance it is in telemetry, and that its piped output is coloured, is for no other process.
    private static readonly string[] OfTheWorkerAlone =
        ["ASPNETCORE_URLS", "HTTP_PORTS", "HTTPS_PORTS", "OTEL_RESOURCE_ATTRIBUTES", "DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"];

    /// <summary>Adds the file to a graph that a person runs: not to a manifest, not to a test's throw-away graph.</summary>
    public static void AddTo(IDistributedApplicationBuilder builder)
    {
        if (!builder.ExecutionContext.IsRunMode || builder.Configuration.GetValue<bool>("Kasparro:Ephemeral"))
        {
            return;
        }

        var path = Path.GetFullPath("../.kasparro/run.env", builder.AppHostDirectory);
        builder.Services.AddHostedService(services => new RunEnvironmentFile(
            services.GetRequiredService<DistributedApplicationModel>(),
            services.GetRequiredService<DistributedApplicationExecutionContext>(),
            services.GetRequiredService<ResourceNotificationService>(),
            services.GetRequiredService<ILogger<RunEnvironmentFile>>(),
            path));
    }

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        File.Delete(path);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A running resource has its environment, so every value in it is known.
        await notifications.WaitForResourceAsync(ResourceNames.Ingestion, KnownResourceStates.Running, stoppingToken).ConfigureAwait(false);

        var ingestion = model.Resources.Single(resource => resource.Name == ResourceNames.Ingestion);
        var context = new EnvironmentCallbackContext(execution, ingestion, cancellationToken: stoppingToken);
        foreach (var annotation in ingestion.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await annotation.Callback(context).ConfigureAwait(false);
        }

        var lines = new List<string>();
        foreach (var (name, value) in context.EnvironmentVariables.Where(variable => !OfTheWorkerAlone.Contains(variable.Key, StringComparer.Ordinal)))
        {
            var text = value is IValueProvider provider ? await provider.GetValueAsync(stoppingToken).ConfigureAwait(false) : value.ToString();

            // Aspire's orchestrator fills in templates of its own; nobody else can.
            if (text?.AsSpan().ContainsAny("\r\n") == false && !text.Contains("{{- ", StringComparison.Ordinal))
            {
                lines.Add($"{name}={text}");
            }
        }

        try
        {
            await WriteAsync(lines, stoppingToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.NotWritten(logger, path, e.Message);
        }
    }

    // Written whole under another name: a reader finds all of it or nothing.
    private async Task WriteAsync(List<string> lines, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var unfinished = path + ".new";
        File.Delete(unfinished);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using (var writer = new StreamWriter(unfinished, options))
        {
            foreach (var line in lines)
            {
                await writer.WriteLineAsync(line.AsMemory(), cancellationToken).ConfigureAwait(false);
            }
        }

        File.Move(unfinished, path, overwrite: true);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Path} cannot be written, so `make ingest` will not find the graph: {Reason}")]
        public static partial void NotWritten(ILogger logger, string path, string reason);
    }
}
