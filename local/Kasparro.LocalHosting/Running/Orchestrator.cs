using System.Collections.Concurrent;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <summary>Starts every resource once what it waits for is there, watches its health, and stops all of them in reverse order.</summary>
internal sealed partial class Orchestrator(
    DistributedApplicationModel model,
    DistributedApplicationExecutionContext execution,
    Workspace workspace,
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    HealthCheckService health,
    IConfiguration configuration,
    TimeProvider time,
    ILogger<DistributedApplication> logger) : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan EagerCheck = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan CalmCheck = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<IResource, Run> _runs = [];
    private readonly Lazy<string> _scratch = new(() => Directory.CreateTempSubdirectory("kasparro-").FullName);

    private sealed record Run(CancellationTokenSource Stop)
    {
        public Task Ended { get; set; } = Task.CompletedTask;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Log.Starting(logger, workspace.AppHostDirectory);
        var randomPorts = configuration.GetValue<bool>("DcpPublisher:RandomizePorts");
        foreach (var endpoint in model.Resources.SelectMany(resource => resource.Annotations.OfType<EndpointAnnotation>()))
        {
            endpoint.AllocatedPort = (randomPorts ? null : endpoint.Port) ?? Executables.FreePort();
        }

        foreach (var resource in model.Resources)
        {
            await SetAsync(resource, KnownResourceStates.NotStarted).ConfigureAwait(false);
        }

        foreach (var resource in model.Resources)
        {
            Start(resource);
        }

        Log.Started(logger);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var remaining = model.Resources.ToList();
        while (remaining.Count > 0)
        {
            var free = remaining.Where(resource => !remaining.Exists(other => NeededBy(other).Contains(resource))).ToList();
            var batch = free.Count > 0 ? free : [.. remaining];
            await Task.WhenAll(batch.Select(resource => StopAsync(resource, cancellationToken))).ConfigureAwait(false);
            remaining.RemoveAll(batch.Contains);
        }
    }

    public async Task StopAsync(IResource resource, CancellationToken cancellationToken)
    {
        if (_runs.TryRemove(resource, out var run))
        {
            await run.Stop.CancelAsync().ConfigureAwait(false);
            await run.Ended.WaitAsync(cancellationToken).ConfigureAwait(false);
            run.Stop.Dispose();
        }
    }

    public void Start(IResource resource)
    {
        var run = new Run(new());
        if (_runs.TryGetValue(resource, out var previous) && !previous.Ended.IsCompleted)
        {
            return;
        }

        _runs[resource] = run;
        run.Ended = Task.Run(() => RunAsync(resource, run.Stop.Token), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None).ConfigureAwait(false);
        if (_scratch.IsValueCreated && Directory.Exists(_scratch.Value))
        {
            Directory.Delete(_scratch.Value, recursive: true);
        }
    }

    private static IEnumerable<IResource> NeededBy(IResource resource)
    {
        var waits = resource.Annotations.OfType<WaitAnnotation>().Select(wait => wait.Resource);
        return resource is IResourceWithParent child ? waits.Append(child.Parent) : waits;
    }

    private async Task RunAsync(IResource resource, CancellationToken stop)
    {
        try
        {
            await WaitForDependenciesAsync(resource, stop).ConfigureAwait(false);
            await SetAsync(resource, KnownResourceStates.Starting).ConfigureAwait(false);
            using var child = await LaunchAsync(resource, stop).ConfigureAwait(false);
            await notifications.PublishUpdateAsync(resource, snapshot => snapshot with
            {
                State = KnownResourceStates.Running,
                StartTimeStamp = time.GetUtcNow().UtcDateTime,
            }).ConfigureAwait(false);
            Log.Running(logger, resource.Name, string.Join(' ', resource.Annotations.OfType<EndpointAnnotation>()
                .Select(endpoint => new EndpointReference((IResourceWithEndpoints)resource, endpoint.Name).Url)));
            await WatchAsync(resource, child, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await SetAsync(resource, KnownResourceStates.Exited).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever keeps one resource from running is told and lets the others run.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logs.Append(resource.Name, e.Message, isError: true);
            Log.FailedToStart(logger, resource.Name, e.Message);
            await SetAsync(resource, KnownResourceStates.FailedToStart, e.Message).ConfigureAwait(false);
        }
    }

    private async Task WaitForDependenciesAsync(IResource resource, CancellationToken stop)
    {
        var waits = resource.Annotations.OfType<WaitAnnotation>().ToList();
        if (resource is IResourceWithParent child)
        {
            waits.Add(new(child.Parent, WaitType.UntilHealthy));
        }

        if (waits.Count > 0)
        {
            await SetAsync(resource, KnownResourceStates.Waiting).ConfigureAwait(false);
            await Task.WhenAll(waits.Select(wait => WaitAsync(wait, stop))).ConfigureAwait(false);
        }
    }

    private async Task WaitAsync(WaitAnnotation wait, CancellationToken stop)
    {
        var name = wait.Resource.Name;
        if (!model.Resources.Contains(wait.Resource))
        {
            throw new DistributedApplicationException($"it waits for {name}, which is not in the graph");
        }

        var (snapshot, completed) = (await notifications.WaitForResourceAsync(
            name,
            update => KnownResourceStates.TerminalStates.Contains(update.Snapshot.State?.Text, StringComparer.Ordinal)
                || (wait.Type is WaitType.UntilHealthy && update.Snapshot.HealthStatus is HealthStatus.Healthy),
            stop).ConfigureAwait(false)).Snapshot is var seen && wait.Type is WaitType.ForCompletion ? (seen, seen.ExitCode == wait.ExitCode) : (seen, false);
        if (!completed && (wait.Type is WaitType.ForCompletion || snapshot.HealthStatus is not HealthStatus.Healthy))
        {
            throw new DistributedApplicationException($"it waits for {name}, which {snapshot.Reason ?? "ended"}");
        }
    }

    private async Task<ChildProcess?> LaunchAsync(IResource resource, CancellationToken stop)
    {
        switch (resource)
        {
            case ParameterResource parameter:
                await parameter.GetValueAsync(stop).ConfigureAwait(false);
                return null;
            case PostgresDatabaseResource database:
                await database.CreateAsync(stop).ConfigureAwait(false);
                return null;
        }

        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>().Where(endpoint => !Executables.IsFree(endpoint.AllocatedPort!.Value)))
        {
            throw new DistributedApplicationException(string.Create(CultureInfo.InvariantCulture, $"port {endpoint.AllocatedPort} is taken by another process"));
        }

        var arguments = resource.Annotations.OfType<ArgumentsAnnotation>().SelectMany(annotation => annotation.Arguments).ToList();
        var launch = resource switch
        {
            ProjectResource project => Executables.Prepare(project, workspace, arguments),
            ExecutableResource executable => Executables.Prepare(executable, arguments),
            PostgresServerResource postgres => await PostgresProcess.PrepareAsync(postgres, ScratchOf(resource), ToolAsync, stop).ConfigureAwait(false),
            RedisResource redis => await Executables.PrepareAsync(redis, ScratchOf(resource), stop).ConfigureAwait(false),
            _ => throw new DistributedApplicationException($"local hosting does not know how to run a {resource.GetType().Name}"),
        };
        launch = launch with { Environment = await EnvironmentOfAsync(resource, stop).ConfigureAwait(false) };
        stop.ThrowIfCancellationRequested();
        return ChildProcess.Start(launch, (line, isError) => logs.Append(resource.Name, line, isError));

        async Task<int> ToolAsync(Launch tool, CancellationToken cancellationToken)
        {
            using var process = ChildProcess.Start(tool, (line, isError) => logs.Append(resource.Name, line, isError));
            return await process.Exit.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<Dictionary<string, string?>> EnvironmentOfAsync(IResource resource, CancellationToken stop)
    {
        var context = new EnvironmentCallbackContext(execution, resource, cancellationToken: stop);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await annotation.Callback(context).ConfigureAwait(false);
        }

        var environment = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (name, value) in context.EnvironmentVariables)
        {
            environment[name] = value is IValueProvider provider ? await provider.GetValueAsync(stop).ConfigureAwait(false) : (string)value;
        }

        return environment;
    }

    // A process resource ends with its process, any other when it is stopped.
    private async Task WatchAsync(IResource resource, ChildProcess? child, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var checks = CheckHealthAsync(resource, ended.Token);
        var end = child?.Exit ?? Task.Delay(Timeout.Infinite, stop);
        await Task.WhenAny(end, Task.Delay(Timeout.Infinite, ended.Token)).ConfigureAwait(false);
        var asked = stop.IsCancellationRequested;
        if (child is not null && asked)
        {
            await SetAsync(resource, KnownResourceStates.Stopping).ConfigureAwait(false);
            await child.StopAsync().ConfigureAwait(false);
        }

        await ended.CancelAsync().ConfigureAwait(false);
        await checks.ConfigureAwait(false);
        var code = child is null ? (int?)null : await child.Exit.ConfigureAwait(false);
        var reason = string.Create(CultureInfo.InvariantCulture, $"exited with code {code}{(logs.LastLine(resource.Name) is { } last ? $" ({last.Trim()})" : "")}");
        if (!asked && code is not 0)
        {
            Log.Ended(logger, resource.Name, reason);
        }
        else
        {
            Log.Stopped(logger, resource.Name);
        }

        await notifications.PublishUpdateAsync(resource, snapshot => snapshot with
        {
            State = resource is ContainerResource || child is null ? KnownResourceStates.Exited : KnownResourceStates.Finished,
            ExitCode = code,
            StopTimeStamp = time.GetUtcNow().UtcDateTime,
            HealthStatus = null,
            Reason = reason,
        }).ConfigureAwait(false);
    }

    private async Task CheckHealthAsync(IResource resource, CancellationToken stop)
    {
        var keys = resource.Annotations.OfType<HealthCheckAnnotation>().Select(annotation => annotation.Key).ToHashSet(StringComparer.Ordinal);
        HealthStatus? last = null;
        try
        {
            while (true)
            {
                var report = await health.CheckHealthAsync(registration => keys.Contains(registration.Name), stop).ConfigureAwait(false);
                if (report.Status != last)
                {
                    last = report.Status;
                    await notifications.PublishUpdateAsync(resource, snapshot => snapshot with
                    {
                        HealthStatus = report.Status,
                        HealthReports = [.. report.Entries.Select(entry => new HealthReportSnapshot(entry.Key, entry.Value.Status, entry.Value.Description ?? entry.Value.Exception?.Message, entry.Value.Exception?.ToString()))],
                    }).ConfigureAwait(false);
                }

                await Task.Delay(last is HealthStatus.Healthy ? CalmCheck : EagerCheck, time, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The resource has ended, and its health with it.
        }
    }

    private Task SetAsync(IResource resource, string state, string? reason = null) => notifications.PublishUpdateAsync(resource, snapshot => snapshot with
    {
        State = state,
        HealthStatus = null,
        ExitCode = null,
        Reason = reason is null ? null : $"failed to start: {reason}",
    });

    private string ScratchOf(IResource resource) => Directory.CreateDirectory(Path.Combine(_scratch.Value, resource.Name)).FullName;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Distributed application starting. Application host directory is: {Directory}")]
        public static partial void Starting(ILogger logger, string directory);

        [LoggerMessage(2, LogLevel.Information, "Distributed application started. Press Ctrl+C to shut down.")]
        public static partial void Started(ILogger logger);

        [LoggerMessage(3, LogLevel.Information, "{Resource} is running {Urls}")]
        public static partial void Running(ILogger logger, string resource, string urls);

        [LoggerMessage(4, LogLevel.Information, "{Resource} has ended")]
        public static partial void Stopped(ILogger logger, string resource);

        [LoggerMessage(5, LogLevel.Error, "{Resource} {Reason}")]
        public static partial void Ended(ILogger logger, string resource, string reason);

        [LoggerMessage(6, LogLevel.Error, "{Resource} failed to start: {Reason}")]
        public static partial void FailedToStart(ILogger logger, string resource, string reason);
    }
}
