namespace Kasparro.AppHost;

/// <summary>What services that run in the graph, and not in a container of their own, are told besides.</summary>
internal static class ServiceExtensions
{
    /// <summary>
    /// Has the service end soon when the graph is stopped: the orchestrator stops everything at once and kills what still runs after six
    /// seconds. The dashboard is gone by then, so telemetry that it did not take is not sent again and again.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithQuickStop(this IResourceBuilder<ProjectResource> service) =>
        service.ApplicationBuilder.ExecutionContext.IsRunMode
            ? service
                .WithEnvironment("Shutdown__Timeout", "00:00:02")
                .WithEnvironment("OTEL_EXPORTER_OTLP_TIMEOUT", "1000")
                .WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "")
            : service;
}
