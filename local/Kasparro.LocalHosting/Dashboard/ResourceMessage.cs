using Google.Protobuf.WellKnownTypes;

namespace Aspire.Hosting.Dashboard;

/// <summary>A resource as the dashboard shows it.</summary>
internal static class ResourceMessage
{
    /// <summary>The name and, for what exports telemetry, its instance: by that the dashboard finds a resource's logs, traces and metrics.</summary>
    public static string IdOf(IResource resource) =>
        resource.Annotations.OfType<InstanceAnnotation>().SingleOrDefault() is { } instance ? $"{resource.Name}-{instance.Id}" : resource.Name;

    public static Wire.Resource Of(IResource resource, CustomResourceSnapshot snapshot) => new()
    {
        Name = IdOf(resource),
        Uid = IdOf(resource),
        DisplayName = resource.Name,
        ResourceType = snapshot.ResourceType,
        State = snapshot.State?.Text ?? "",
        CreatedAt = TimeOf(snapshot.CreationTimeStamp),
        StartedAt = TimeOf(snapshot.StartTimeStamp),
        StoppedAt = TimeOf(snapshot.StopTimeStamp),
        Environment = { snapshot.Environment.Select(variable => new Wire.EnvironmentVariable { Name = variable.Key, Value = variable.Value ?? "", IsFromSpec = true }) },
        Relationships = { Relationships(resource).Select(other => new Wire.ResourceRelationship { ResourceName = other.Resource.Name, Type = other.Type }) },
        Properties = { Properties(resource, snapshot).Where(property => property.Value is not null).Select(MessageOf) },
        HealthReports = { snapshot.HealthReports.Select(MessageOf) },
        Urls = { UrlsOf(resource, snapshot) },
        Commands = { ResourceCommandService.CommandsOf(resource).Select(command => MessageOf(command, snapshot)) },
    };

    private static IEnumerable<(string Name, string? Value)> Properties(IResource resource, CustomResourceSnapshot snapshot)
    {
        yield return ("resource.displayName", resource.Name);
        yield return ("resource.state", snapshot.State?.Text);
        yield return ("resource.startTime", snapshot.StartTimeStamp?.ToString("O"));
        yield return ("resource.stopTime", snapshot.StopTimeStamp?.ToString("O"));
        yield return ("resource.exitCode", snapshot.ExitCode?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        yield return ("resource.healthState", snapshot.HealthStatus?.ToString());
        yield return (resource is ParameterResource ? "Value" : "resource.connectionString", snapshot.Value);
        yield return ("resource.parentName", (resource as PostgresDatabaseResource)?.Parent.Name);
        yield return ("project.path", resource.Annotations.OfType<IProjectMetadata>().SingleOrDefault()?.ProjectPath);
        yield return ("executable.path", snapshot.Program);
    }

    private static IEnumerable<RelationshipAnnotation> Relationships(IResource resource) =>
    [
        .. resource.Annotations.OfType<RelationshipAnnotation>().Distinct(),
        .. resource.Annotations.OfType<WaitAnnotation>().Select(wait => new RelationshipAnnotation(wait.Resource, "WaitFor")),
        .. resource is PostgresDatabaseResource database ? [new RelationshipAnnotation(database.Parent, "Parent")] : Array.Empty<RelationshipAnnotation>(),
    ];

    private static Wire.ResourceProperty MessageOf((string Name, string? Value) property) => new()
    {
        Name = property.Name,
        Value = Value.ForString(property.Value),
        IsSensitive = property.Value!.Contains(Secrets.Mask, StringComparison.Ordinal),
    };

    private static Wire.HealthReport MessageOf(HealthReportSnapshot report)
    {
        var message = new Wire.HealthReport { Key = report.Name, Description = report.Description ?? "", Exception = report.ExceptionText ?? "" };
        if (report.Status is { } status)
        {
            message.Status = status switch
            {
                HealthStatus.Healthy => Wire.HealthStatus.Healthy,
                HealthStatus.Degraded => Wire.HealthStatus.Degraded,
                _ => Wire.HealthStatus.Unhealthy,
            };
        }

        return message;
    }

    private static IEnumerable<Wire.Url> UrlsOf(IResource resource, CustomResourceSnapshot snapshot) =>
        resource.Annotations.OfType<EndpointAnnotation>().Where(endpoint => endpoint.AllocatedPort is not null).Select(endpoint => new Wire.Url
        {
            EndpointName = endpoint.Name,
            FullUrl = new EndpointReference((IResourceWithEndpoints)resource, endpoint.Name).Url,
            IsInactive = snapshot.State?.Text != KnownResourceStates.Running,
            DisplayProperties = new(),
        });

    private static Wire.ResourceCommand MessageOf(CommandAnnotation command, CustomResourceSnapshot snapshot) => new()
    {
        Name = command.Name,
        DisplayName = command.DisplayName,
        DisplayDescription = command.Options.Description ?? "",
        IconName = command.Options.IconName ?? "",
        IconVariant = command.Options.IconVariant,
        IsHighlighted = command.Options.IsHighlighted,
        State = command.StateIn(snapshot.State?.Text),
    };

    private static Timestamp? TimeOf(DateTime? time) => time is { } known ? Timestamp.FromDateTime(known) : null;
}
