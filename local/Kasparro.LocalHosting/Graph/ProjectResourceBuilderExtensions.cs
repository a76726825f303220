using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

public interface IProjectMetadata : IResourceAnnotation
{
    string ProjectPath { get; }

    bool SuppressBuild => false;
}

public static class ProjectResourceBuilderExtensions
{
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name, string? launchProfileName)
        where TProject : IProjectMetadata, new()
    {
        if (launchProfileName is not null)
        {
            throw new DistributedApplicationException($"{name}: local hosting reads no launch profiles; pass launchProfileName: null.");
        }

        var project = builder.AddResource(new ProjectResource(name)).Annotate(new TProject());
        project.WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "in_memory");
        return builder.ExecutionContext.IsRunMode ? project.WithRunEnvironment() : project.WithPublishEnvironment();
    }

    private static IResourceBuilder<ProjectResource> WithPublishEnvironment(this IResourceBuilder<ProjectResource> project) =>
        project.WithEnvironment(context =>
        {
            foreach (var endpoint in project.Resource.Annotations.OfType<EndpointAnnotation>())
            {
                context.EnvironmentVariables["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true";
                var port = new EndpointReference(project.Resource, endpoint.Name).Property(EndpointProperty.TargetPort);
                context.EnvironmentVariables["HTTP_PORTS"] = ReferenceExpression.Create($"{port}");
            }
        });

    private static IResourceBuilder<ProjectResource> WithRunEnvironment(this IResourceBuilder<ProjectResource> project)
    {
        var builder = project.ApplicationBuilder;
        if (builder.Environment.IsDevelopment())
        {
            project.WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION", "true");
            project.WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION", "true");
        }

        return project.WithEnvironment(context =>
        {
            if (context.ExecutionContext.IsPublishMode)
            {
                return;
            }

            var environment = context.EnvironmentVariables;
            if (builder.Configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] is { Length: > 0 } collector)
            {
                environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector;
                environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";
            }

            environment["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz", 8)}";
            environment["OTEL_SERVICE_NAME"] = project.Resource.Name;
            if (builder.Configuration["AppHost:OtlpApiKey"] is { } key)
            {
                environment["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={key}";
            }

            if (builder.Environment.IsDevelopment())
            {
                environment["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
                environment["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
                environment["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
                environment["OTEL_TRACES_SAMPLER"] = "always_on";
                environment["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
                environment["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "true";
            }

            environment["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"] = "true";
            environment["LOGGING__CONSOLE__FORMATTERNAME"] = "simple";
        }).WithEnvironment(context =>
        {
            foreach (var endpoint in project.Resource.Annotations.OfType<EndpointAnnotation>())
            {
                var reference = new EndpointReference(project.Resource, endpoint.Name);
                var url = ReferenceExpression.Create(
                    $"{reference.Property(EndpointProperty.Scheme)}://localhost:{reference.Property(EndpointProperty.TargetPort)}");
                context.EnvironmentVariables["ASPNETCORE_URLS"] = context.EnvironmentVariables.TryGetValue("ASPNETCORE_URLS", out var others)
                    ? ReferenceExpression.Create($"{(ReferenceExpression)others};{url}")
                    : url;
            }
        });
    }
}

public static class ExecutableResourceBuilderExtensions
{
    public static IResourceBuilder<ExecutableResource> AddExecutable(
        this IDistributedApplicationBuilder builder, string name, string command, string workingDirectory, params string[]? args) =>
        builder.AddResource(new ExecutableResource(name, command, Path.GetFullPath(workingDirectory, builder.AppHostDirectory))).WithArgs(args ?? []);
}

public static class ParameterResourceBuilderExtensions
{
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false) =>
        publishValueAsDefault
            ? throw new DistributedApplicationException($"{name}: local hosting does not publish defaults.")
            : builder.AddResource(new ParameterResource(name, _ => value, secret));

    internal static ParameterResource GeneratedPassword(this IDistributedApplicationBuilder builder, string name, bool special) => new(
        name,
        parameter => builder.Configuration[$"Parameters:{name}"] ?? parameter.Generated!.Read(parameter.KeptIn),
        secret: true)
    {
        Generated = new(special),
    };
}
