#pragma warning disable ASPIREPROCESSCOMMAND001 // Experimental: commands that run a process.
namespace Kasparro.AppHost;

/// <summary>
/// The commands on the ingestion in the dashboard and the CLI. Each runs the ingestion's own program once, in parallel to the worker and
/// with its environment; the program's output and exit code are the command's result.
/// </summary>
internal static class IngestionCommands
{
    private const string Source = "source";
    private const string File = "file";

    // The worker's ports and its identity in telemetry do not apply to other processes.
    private static readonly string[] OfTheWorkerAlone = ["ASPNETCORE_URLS", "HTTP_PORTS", "Metrics__Port", "OTEL_RESOURCE_ATTRIBUTES"];

    /// <summary>Adds the commands "Ingest now", "Replay rejected" and "Export identity".</summary>
    public static IResourceBuilder<ProjectResource> WithIngestionCommands(this IResourceBuilder<ProjectResource> ingestion) => ingestion
        .WithProgram("ingest", "Ingest now", new()
        {
            Description = "Reads all sources now, or one, out of turn.",
            IconName = "ArrowDownload",
            IsHighlighted = true,
            Arguments =
                [SourceInput(), FileInput("CSV file", "One file of this machine in place of a source's own data.", required: false)],
        }, inputs => ["ingest", .. Option("--source", inputs.GetString(Source)), .. Option("--file", inputs.GetString(File))])
        .WithProgram("replay-rejected", "Replay rejected", new()
        {
            Description = "Reads rejected records again under today's rules, and loads those that pass.",
            IconName = "ArrowCounterclockwise",
            Arguments = [SourceInput()],
        }, inputs => ["ingest", "--replay-rejected", .. Option("--source", inputs.GetString(Source))])
        .WithProgram("identity-export", "Export identity", new()
        {
            Description = "Writes every pair of listings that is one asset to a CSV file of this machine.",
            IconName = "ArrowExportLtr",
            Arguments = [FileInput("File", "The path to write to.", required: true)],
        }, inputs => ["identity-export", inputs.GetString(File)!]);

    private static InteractionInput SourceInput() => new()
    {
        Name = Source,
        Label = "Source",
        InputType = InputType.Choice,
        Options = [KeyValuePair.Create("", "All sources"), .. SourceNames.All.Select(name => KeyValuePair.Create(name, name))],
        Value = "",
    };

    private static InteractionInput FileInput(string label, string description, bool required) =>
        new() { Name = File, Label = label, Description = description, InputType = InputType.Text, Required = required };

    private static string[] Option(string name, string? value) => string.IsNullOrWhiteSpace(value) ? [] : [name, value];

    private static IResourceBuilder<ProjectResource> WithProgram(
        this IResourceBuilder<ProjectResource> ingestion, string name, string displayName, ProcessCommandOptions options,
        Func<InteractionInputCollection, string[]> arguments) =>
        ingestion.WithProcessCommand(name, displayName, async ValueTask<ProcessCommandSpec> (context) =>
        {
            var configuration = await ExecutionConfigurationBuilder.Create(ingestion.Resource).WithEnvironmentVariablesConfig()
                .BuildAsync(ingestion.ApplicationBuilder.ExecutionContext, context.Logger, context.CancellationToken);
            var folder = Path.GetDirectoryName(ingestion.Resource.GetProjectMetadata().ProjectPath)!;

            // Built like the AppHost, so in the same folder below its project.
            var build = Path.GetRelativePath(ingestion.ApplicationBuilder.AppHostDirectory, AppContext.BaseDirectory);
            var program = Path.Combine(folder, build, "Kasparro.Ingestion.dll");
            return new("dotnet")
            {
                Arguments = [program, .. arguments(context.Arguments)],
                WorkingDirectory = folder,
                EnvironmentVariables = configuration.EnvironmentVariables
                    .Where(variable => !OfTheWorkerAlone.Contains(variable.Key, StringComparer.Ordinal)
                        && !variable.Value.Contains("{{- ", StringComparison.Ordinal)) // The orchestrator's own templates.
                    .ToDictionary(StringComparer.Ordinal),
            };
        }, options);
}
