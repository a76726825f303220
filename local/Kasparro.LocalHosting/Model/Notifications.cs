using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.HealthChecks;

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
    public static readonly string NotStarted = nameof(NotStarted);
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

    /// <summary>Why it failed, in one line.</summary>
    internal string? Reason { get; init; }
}

public class ResourceEvent(IResource resource, string resourceId, CustomResourceSnapshot snapshot)
{
    public IResource Resource { get; } = resource;

    public string ResourceId { get; } = resourceId;

    public CustomResourceSnapshot Snapshot { get; } = snapshot;
}

/// <summary>The newest state of every resource, and everyone who follows it.</summary>
public class ResourceNotificationService : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ResourceEvent> _current = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<Channel<ResourceEvent>, bool> _followers = [];

    internal ResourceNotificationService()
    {
    }

    public Task PublishUpdateAsync(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        lock (_lock)
        {
            var before = _current.TryGetValue(resource.Name, out var known) ? known.Snapshot : new() { ResourceType = TypeOf(resource) };
            var update = _current[resource.Name] = new(resource, resource.Name, stateFactory(before));
            foreach (var follower in _followers.Keys)
            {
                follower.Writer.TryWrite(update);
            }
        }

        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var channel = Channel.CreateUnbounded<ResourceEvent>();
        lock (_lock)
        {
            _followers[channel] = true;
            foreach (var known in _current.Values)
            {
                channel.Writer.TryWrite(known);
            }
        }

        try
        {
            await foreach (var update in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return update;
            }
        }
        finally
        {
            _followers.TryRemove(channel, out _);
        }
    }

    public async Task<ResourceEvent> WaitForResourceAsync(string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default)
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
            resourceName,
            candidate => candidate.Snapshot.HealthStatus is HealthStatus.Healthy || KnownResourceStates.TerminalStates.Contains(candidate.Snapshot.State?.Text, StringComparer.Ordinal),
            cancellationToken).ConfigureAwait(false);
        return update.Snapshot.HealthStatus is HealthStatus.Healthy
            ? update
            : throw new DistributedApplicationException(
                $"Stopped waiting for resource '{resourceName}' to become healthy because it failed to start: {update.Snapshot.Reason ?? update.Snapshot.State?.Text}");
    }

    public void Dispose()
    {
        foreach (var follower in _followers.Keys)
        {
            follower.Writer.TryComplete();
        }

        GC.SuppressFinalize(this);
    }

    private static string TypeOf(IResource resource) => resource switch
    {
        ProjectResource => "Project",
        ParameterResource => "Parameter",
        ExecutableResource => "Executable",
        _ => resource.GetType().Name,
    };
}
