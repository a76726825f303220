using System.Collections.Immutable;

namespace Aspire.Hosting.ApplicationModel;

public static class KnownResourceStates
{
    public static readonly string Starting = nameof(Starting);
    public static readonly string Running = nameof(Running);
    public static readonly string FailedToStart = nameof(FailedToStart);
    public static readonly string Stopping = nameof(Stopping);
    public static readonly string Exited = nameof(Exited);
    public static readonly string Finished = nameof(Finished);
    public static readonly string Waiting = nameof(Waiting);
    public static readonly IReadOnlyList<string> TerminalStates = [Finished, FailedToStart, Exited];
}

public sealed record ResourceStateSnapshot(string Text, string? Style)
{
    public static implicit operator ResourceStateSnapshot?(string? s) => s is null ? null : new(s, Style: null);
}

public sealed record HealthReportSnapshot(string Name, HealthStatus? Status, string? Description, string? ExceptionText);

public sealed record CustomResourceSnapshot
{
    public required string ResourceType { get; init; }
    public ResourceStateSnapshot? State { get; init; }
    public int? ExitCode { get; init; }
    public DateTime? StartTimeStamp { get; init; }
    public DateTime? StopTimeStamp { get; init; }
    public HealthStatus? HealthStatus { get; internal init; }
    public ImmutableArray<HealthReportSnapshot> HealthReports { get; internal init; } = [];

    /// <summary>When the graph first knew of it (UTC).</summary>
    internal DateTime CreationTimeStamp { get; init; }

    /// <summary>Its environment, a parameter's value or a connection string, secrets masked; and the program that runs. Empty until it starts.</summary>
    internal IReadOnlyList<KeyValuePair<string, string?>> Environment { get; init; } = [];
    internal string? Value { get; init; }
    internal string? Program { get; init; }

    /// <summary>How it failed or ended, in one line; null while it has not.</summary>
    internal string? Outcome { get; init; }
    internal bool HasEnded => KnownResourceStates.TerminalStates.Contains(State?.Text, StringComparer.Ordinal);
}

public class ResourceEvent
{
    internal ResourceEvent(IResource resource, CustomResourceSnapshot snapshot) => (Resource, Snapshot) = (resource, snapshot);

    public IResource Resource { get; }
    public CustomResourceSnapshot Snapshot { get; }
}

/// <summary>The newest state of every resource, for everyone who follows it.</summary>
public class ResourceNotificationService : IDisposable
{
    private readonly Dictionary<string, ResourceEvent> _current = new(StringComparer.OrdinalIgnoreCase);
    private readonly Feed<ResourceEvent> _feed = new();

    internal ResourceNotificationService() { }

    /// <summary>The newest state of each resource, at this moment.</summary>
    internal IReadOnlyList<ResourceEvent> Current => _feed.Read(() => _current.Values.ToList());

    public Task PublishUpdateAsync(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        _feed.Add(() => _current[resource.Name] = new(resource, stateFactory(
            _current.GetValueOrDefault(resource.Name)?.Snapshot ?? new() { ResourceType = resource.GetType().Name.Replace("Resource", "", StringComparison.Ordinal) })));
        return Task.CompletedTask;
    }

    public IAsyncEnumerable<ResourceEvent> WatchAsync(CancellationToken cancellationToken = default) =>
        _feed.FollowAsync(() => _current.Values, cancellationToken);

    public async Task<ResourceEvent> WaitForResourceAsync(
        string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default)
    {
        await foreach (var update in WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            if (string.Equals(update.Resource.Name, resourceName, StringComparison.OrdinalIgnoreCase) && predicate(update))
            {
                return update;
            }
        }

        throw new OperationCanceledException($"The application ended before resource '{resourceName}' came into the awaited state.");
    }

    public Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default) =>
        WaitForResourceAsync(resourceName, update => update.Snapshot.State?.Text == (targetState ?? KnownResourceStates.Running), cancellationToken);

    public async Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default)
    {
        var update = await WaitForResourceAsync(
            resourceName, candidate => candidate.Snapshot is { HealthStatus: HealthStatus.Healthy } or { HasEnded: true }, cancellationToken).ConfigureAwait(false);
        return update.Snapshot.HasEnded
            ? throw new DistributedApplicationException($"Stopped waiting for resource '{resourceName}' to become healthy because it {update.Snapshot.Outcome}")
            : update;
    }

    public void Dispose()
    {
        _feed.Complete();
        GC.SuppressFinalize(this);
    }
}
