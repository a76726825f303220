namespace Kasparro.AppHost;

/// <summary>Environment of services that run in the graph instead of a container.</summary>
internal static class ServiceExtensions
{
    /// <summary>
    /// Makes the service end quickly when the graph is stopped: the orchestrator stops everything at once and kills everything still
    /// running after six seconds. The dashboard is gone by then, so failed exports of telemetry are not retried.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithQuickStop(this IResourceBuilder<ProjectResource> service) =>
        service.ApplicationBuilder.ExecutionContext.IsRunMode
            ? service
                .WithEnvironment("Shutdown__Timeout", "00:00:02")
                .WithEnvironment("OTEL_EXPORTER_OTLP_TIMEOUT", "1000")
                .WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "")
            : service;
}
