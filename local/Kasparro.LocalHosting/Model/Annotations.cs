namespace Aspire.Hosting.ApplicationModel;

public class EnvironmentCallbackContext(
    DistributedApplicationExecutionContext executionContext,
    IResource resource,
    Dictionary<string, object>? environmentVariables = null,
    CancellationToken cancellationToken = default)
{
    public DistributedApplicationExecutionContext ExecutionContext { get; } = executionContext;
    public IResource Resource { get; } = resource;
    public Dictionary<string, object> EnvironmentVariables { get; } = environmentVariables ?? [];
    public CancellationToken CancellationToken { get; } = cancellationToken;
}

public class EnvironmentCallbackAnnotation(Func<EnvironmentCallbackContext, Task> callback) : IResourceAnnotation
{
    public Func<EnvironmentCallbackContext, Task> Callback { get; } = callback;
}

public sealed class ReplicaAnnotation(int replicas = 1) : IResourceAnnotation
{
    public int Replicas { get; } = replicas;
}

internal sealed record ArgumentsAnnotation(IReadOnlyList<string> Arguments) : IResourceAnnotation;

/// <summary>Which instance of the resource the telemetry of its process is of.</summary>
internal sealed record InstanceAnnotation(string Id) : IResourceAnnotation;

/// <summary>What a resource has to do with another, for people who look at the graph.</summary>
internal sealed record RelationshipAnnotation(IResource Resource, string Type) : IResourceAnnotation;

/// <summary>Waits until the other one is healthy, or, with an exit code, until it has ended with that.</summary>
internal sealed record WaitAnnotation(IResource Resource, int? ExitCode = null) : IResourceAnnotation;

internal sealed record HealthCheckAnnotation(string Key, Func<CancellationToken, Task> Check) : IResourceAnnotation
{
    public async Task<HealthReportSnapshot> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Check(cancellationToken).ConfigureAwait(false);
            return new(Key, HealthStatus.Healthy, null, null);
        }
#pragma warning disable CA1031 // A check that throws, whatever it throws, says that the resource is not healthy, and why.
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return new(Key, HealthStatus.Unhealthy, e.Message, e.ToString());
        }
    }
}

/// <summary>The image that a manifest names for a container; here a process of this machine stands for it.</summary>
internal sealed record ContainerImageAnnotation(string Image, string? Entrypoint = null) : IResourceAnnotation
{
    /// <summary>Where Aspire says that the images of Postgres and Redis are; it goes into manifests, and nothing here asks it.</summary>
    public const string Registry = "docker.io";
}

/// <summary>A folder of this machine that stands for a container's data volume and lasts between runs.</summary>
internal sealed record DataVolumeAnnotation(string Name, string Target, bool IsReadOnly, string Folder) : IResourceAnnotation
{
    public string Data => Path.Combine(Folder, "data");
    public string PasswordFile => Path.Combine(Folder, "password");
}

/// <summary>Where a resource listens. No proxy stands in front of a single process, so port and target port are one.</summary>
internal sealed record EndpointAnnotation(string Name, string Scheme, int? Port, int? TargetPort) : IResourceAnnotation
{
    public bool IsExternal { get; set; }
    public bool IsHttp => Scheme is "http" or "https";
    public int? AllocatedPort { get; set; }
}
