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

        // One for as long as the AppHost runs: what a restarted process says goes on where the former ended.
        var instance = new InstanceAnnotation(RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz", 8));
        var project = builder.AddResource(new ProjectResource(name)).Annotate(new TProject()).Annotate(instance);
        return project.WithEnvironment(context =>
        {
            var endpoints = project.Resource.Annotations.OfType<EndpointAnnotation>().Select(endpoint => project.GetEndpoint(endpoint.Name)).ToList();
            var variables = builder.ExecutionContext.IsPublishMode ? Published(endpoints) : Telemetry(builder, name, instance).Append(("ASPNETCORE_URLS", Urls(endpoints)));
            foreach (var (variable, value) in variables.Prepend(("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "in_memory")).Where(variable => variable.Item2 is not null))
            {
                context.EnvironmentVariables[variable] = value!;
            }
        });
    }

    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas) =>
        builder.Annotate(new ReplicaAnnotation(replicas));

    private static IEnumerable<(string, object?)> Published(List<EndpointReference> endpoints) => endpoints.Count == 0 ? [] :
    [
        ("ASPNETCORE_FORWARDEDHEADERS_ENABLED", "true"),
        ("HTTP_PORTS", Joined(endpoints.Select(endpoint => ReferenceExpression.Create($"{endpoint.Property(EndpointProperty.TargetPort)}")))),
    ];

    private static IEnumerable<(string, object?)> Telemetry(IDistributedApplicationBuilder builder, string name, InstanceAnnotation instance)
    {
        var development = builder.Environment.IsDevelopment();
        var collector = builder.Configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"];
        return
        [
            ("OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION", development ? "true" : null),
            ("OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION", development ? "true" : null),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", collector is null ? null : "grpc"),
            ("OTEL_RESOURCE_ATTRIBUTES", $"service.instance.id={instance.Id}"),
            ("OTEL_SERVICE_NAME", name),
            ("OTEL_EXPORTER_OTLP_HEADERS", builder.Configuration["AppHost:OtlpApiKey"] is { } key
                ? ReferenceExpression.Create($"x-otlp-api-key={new ParameterResource("otlp-api-key", _ => key, secret: true)}")
                : null),
            ("OTEL_BLRP_SCHEDULE_DELAY", development ? "1000" : null),
            ("OTEL_BSP_SCHEDULE_DELAY", development ? "1000" : null),
            ("OTEL_METRIC_EXPORT_INTERVAL", development ? "1000" : null),
            ("OTEL_TRACES_SAMPLER", development ? "always_on" : null),
            ("OTEL_METRICS_EXEMPLAR_FILTER", development ? "trace_based" : null),
            ("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", development ? "true" : null),
            ("DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION", "true"),
            ("LOGGING__CONSOLE__FORMATTERNAME", "simple"),
        ];
    }

    private static ReferenceExpression? Urls(List<EndpointReference> endpoints) => Joined(endpoints.Select(endpoint =>
        ReferenceExpression.Create($"{endpoint.Property(EndpointProperty.Scheme)}://localhost:{endpoint.Property(EndpointProperty.TargetPort)}")));

    private static ReferenceExpression? Joined(IEnumerable<ReferenceExpression> expressions) => expressions
        .Aggregate((ReferenceExpression?)null, (all, next) => all is null ? next : ReferenceExpression.Create($"{all};{next}"));
}
