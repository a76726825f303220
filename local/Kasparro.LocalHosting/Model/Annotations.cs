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

internal sealed record ArgumentsAnnotation(IReadOnlyList<string> Arguments) : IResourceAnnotation;

internal enum WaitType
{
    UntilHealthy,
    ForCompletion,
}

internal sealed record WaitAnnotation(IResource Resource, WaitType Type, int ExitCode = 0) : IResourceAnnotation;

internal sealed record HealthCheckAnnotation(string Key) : IResourceAnnotation;

/// <summary>A folder of this machine that stands for a container's data volume and lasts between runs.</summary>
internal sealed record DataVolumeAnnotation(string Folder) : IResourceAnnotation;

/// <summary>Where a resource listens. There is no proxy in front of a process here, so port and target port are one.</summary>
internal sealed class EndpointAnnotation(string name, string scheme, int? port, int? targetPort) : IResourceAnnotation
{
    public string Name { get; } = name;

    public string Scheme { get; } = scheme;

    public int? Port { get; } = port;

    public int? TargetPort { get; } = targetPort;

    public bool IsExternal { get; set; }

    public int? AllocatedPort { get; set; }
}
