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
        return project.WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "in_memory").WithEnvironment(context =>
        {
            var environment = context.EnvironmentVariables;
            var endpoints = project.Resource.Annotations.OfType<EndpointAnnotation>().Select(endpoint => project.GetEndpoint(endpoint.Name)).ToList();
            if (!builder.ExecutionContext.IsPublishMode)
            {
                SetTelemetry(builder, name, environment);
                SetUrls(endpoints, environment);
            }
            else if (endpoints.Count > 0)
            {
                environment["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true";
                environment["HTTP_PORTS"] = ReferenceExpression.Create($"{endpoints[0].Property(EndpointProperty.TargetPort)}");
            }
        });
    }

    private static void SetTelemetry(IDistributedApplicationBuilder builder, string name, Dictionary<string, object> environment)
    {
        var development = builder.Environment.IsDevelopment();
        if (development)
        {
            environment["OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION"] = "true";
            environment["OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION"] = "true";
        }

        if (builder.Configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] is { Length: > 0 } collector)
        {
            environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector;
            environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";
        }

        environment["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz", 8)}";
        environment["OTEL_SERVICE_NAME"] = name;
        if (builder.Configuration["AppHost:OtlpApiKey"] is { } key)
        {
            environment["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={key}";
        }

        if (development)
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
    }

    private static void SetUrls(List<EndpointReference> endpoints, Dictionary<string, object> environment)
    {
        foreach (var endpoint in endpoints)
        {
            var url = ReferenceExpression.Create($"{endpoint.Property(EndpointProperty.Scheme)}://localhost:{endpoint.Property(EndpointProperty.TargetPort)}");
            environment["ASPNETCORE_URLS"] = environment.TryGetValue("ASPNETCORE_URLS", out var others)
                ? ReferenceExpression.Create($"{(ReferenceExpression)others};{url}")
                : url;
        }
    }
}
