using System.Collections.Concurrent;
using Aspire.Hosting.Dashboard;

namespace Aspire.Hosting;

/// <summary>Starts every resource once what it waits for is there, watches its health, and stops all of them in reverse order.</summary>
internal sealed partial class Orchestrator(
    DistributedApplicationModel model,
    DistributedApplicationExecutionContext execution,
    Workspace workspace,
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    IConfiguration configuration,
    TimeProvider time,
    ILogger<DistributedApplication> logger) : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan EagerCheck = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan CalmCheck = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<IResource, (CancellationTokenSource Stop, Task Ended)> _runs = [];
    private readonly ConcurrentDictionary<string, string> _scratch = new(StringComparer.Ordinal);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Log.Starting(logger, workspace.AppHostDirectory);
        var randomPorts = configuration.GetValue<bool>("DcpPublisher:RandomizePorts");
        foreach (var endpoint in model.Resources.SelectMany(resource => resource.Annotations.OfType<EndpointAnnotation>()))
        {
            endpoint.AllocatedPort = (randomPorts ? null : endpoint.Port) ?? Launches.FreePort();
        }

        model.Resources.ToList().ForEach(Start);
        Log.Started(logger);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var remaining = model.Resources.ToList();
        while (remaining.Count > 0)
        {
            var needed = remaining.SelectMany(resource => resource.Annotations.OfType<WaitAnnotation>()).Select(wait => wait.Resource);
            var batch = remaining.Except(needed).DefaultIfEmpty(remaining[0]).ToList();
            await Task.WhenAll(batch.Select(StopAsync)).WaitAsync(cancellationToken).ConfigureAwait(false);
            remaining.RemoveAll(batch.Contains);
        }
    }

    public async Task StopAsync(IResource resource)
    {
        if (_runs.TryRemove(resource, out var run))
        {
            await run.Stop.CancelAsync().ConfigureAwait(false);
            await run.Ended.ConfigureAwait(false);
            run.Stop.Dispose();
        }
    }

    public void Start(IResource resource)
    {
        if (!_runs.TryGetValue(resource, out var previous) || previous.Ended.IsCompleted)
        {
            var stop = new CancellationTokenSource();

            // Before this returns: whoever waits for it next must not take its last end for a new one.
            var waiting = SetAsync(resource, KnownResourceStates.Waiting);
            _runs[resource] = (stop, Task.Run(() => RunAsync(resource, waiting, stop.Token), CancellationToken.None));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None).ConfigureAwait(false);
        _scratch.Values.Where(Directory.Exists).ToList().ForEach(folder => Directory.Delete(folder, recursive: true));
    }

    private async Task RunAsync(IResource resource, Task waiting, CancellationToken stop)
    {
        IRunning? child = null;
        try
        {
            await waiting.ConfigureAwait(false);
            await DescribeAsync(resource, stop).ConfigureAwait(false);
            await Task.WhenAll(resource.Annotations.OfType<WaitAnnotation>().Select(wait => WaitAsync(wait, stop))).ConfigureAwait(false);
            await SetAsync(resource, KnownResourceStates.Starting).ConfigureAwait(false);
            child = await LaunchAsync(resource, stop).ConfigureAwait(false);
            await SetAsync(resource, KnownResourceStates.Running, started: true, program: child?.Program).ConfigureAwait(false);
            Log.Says(logger, resource.Name, $"is running {string.Join(' ', resource.Annotations.OfType<EndpointAnnotation>()
                .Select(endpoint => new EndpointReference((IResourceWithEndpoints)resource, endpoint.Name).Url))}");
            await CheckHealthAsync(resource, child?.Exit ?? Task.Delay(Timeout.Infinite, stop), stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop, and now does.
        }
#pragma warning disable CA1031 // Whatever keeps one resource from running is told, and the others run.
        catch (Exception e)
#pragma warning restore CA1031
        {
            await (child?.StopAsync() ?? Task.CompletedTask).ConfigureAwait(false);
            logs.Append(resource.Name, e.Message, isError: true);
            Log.Fails(logger, resource.Name, $"failed to start: {e.Message}");
            await SetAsync(resource, KnownResourceStates.FailedToStart, $"failed to start: {e.Message}").ConfigureAwait(false);
            return;
        }

        await EndAsync(resource, child, stop.IsCancellationRequested).ConfigureAwait(false);
    }

    private async Task WaitAsync(WaitAnnotation wait, CancellationToken stop)
    {
        var snapshot = (await notifications.WaitForResourceAsync(
            model.Resources.Contains(wait.Resource) ? wait.Resource.Name : throw new DistributedApplicationException($"it waits for {wait.Resource.Name}, which is not in the graph"),
            update => update.Snapshot.HasEnded || (wait.ExitCode is null && update.Snapshot.HealthStatus is HealthStatus.Healthy),
            stop).ConfigureAwait(false)).Snapshot;
        if (snapshot.HasEnded && (wait.ExitCode is null || snapshot.ExitCode != wait.ExitCode))
        {
            throw new DistributedApplicationException($"it waits for {wait.Resource.Name}, which {snapshot.Outcome}");
        }
    }

    private async Task<IRunning?> LaunchAsync(IResource resource, CancellationToken stop)
    {
        if (resource.Annotations.OfType<EndpointAnnotation>().FirstOrDefault(endpoint => !Launches.IsFree(endpoint.AllocatedPort!.Value)) is { } taken)
        {
            throw new DistributedApplicationException($"port {taken.AllocatedPort} is taken by another process");
        }

        switch (resource)
        {
            case ProjectResource project:
                return await StartAsync(Launches.Of(project, workspace), project.Annotations.OfType<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1).ConfigureAwait(false);
            case ExecutableResource executable:
                return await StartAsync(Launches.Of(executable)).ConfigureAwait(false);
            case RedisResource redis:
                return await StartAsync(await Launches.OfAsync(redis, Scratch(), stop).ConfigureAwait(false)).ConfigureAwait(false);
            case PostgresServerResource server:
                return await StartAsync(await new PostgresProcess(server, Scratch(), RunToEndAsync).PrepareAsync(stop).ConfigureAwait(false)).ConfigureAwait(false);
            case PostgresDatabaseResource database:
                await database.CreateAsync(stop).ConfigureAwait(false);
                return null;
            case ParameterResource parameter:
                await parameter.GetValueAsync(stop).ConfigureAwait(false);
                return null;
            default:
                throw new DistributedApplicationException($"local hosting does not know how to run a {resource.GetType().Name}");
        }

        string Scratch() => _scratch.GetOrAdd(resource.Name, name => Directory.CreateTempSubdirectory($"kasparro-{name}-").FullName);

        async Task<IRunning> StartAsync(Launch launch, int replicas = 1)
        {
            var environment = await EnvironmentOfAsync(resource, stop).ConfigureAwait(false);
            return replicas == 1
                ? ChildProcess.Start(launch, environment, Append)
                : new Replicas(launch, replicas, [.. resource.Annotations.OfType<EndpointAnnotation>()], environment, Append);

            void Append(string line, bool isError) => logs.Append(resource.Name, line, isError);
        }

        async Task<int> RunToEndAsync(Launch tool)
        {
            using var process = await StartAsync(tool).ConfigureAwait(false);
            return await process.Exit.WaitAsync(stop).ConfigureAwait(false);
        }
    }

    /// <summary>Tells what people may know of a resource before it runs: its environment and value, without the secrets in them.</summary>
    private async Task DescribeAsync(IResource resource, CancellationToken stop)
    {
        var environment = new List<KeyValuePair<string, string?>>();
        foreach (var (name, value) in await VariablesOfAsync(resource, stop).ConfigureAwait(false))
        {
            environment.Add(new(name, await Secrets.MaskedAsync(value, stop).ConfigureAwait(false)));
        }

        var shown = resource is IValueProvider ? await Secrets.MaskedAsync(resource, stop).ConfigureAwait(false) : null;
        await notifications.PublishUpdateAsync(resource, snapshot => snapshot with { Environment = environment, Value = shown }).ConfigureAwait(false);
    }

    private async Task<Dictionary<string, string?>> EnvironmentOfAsync(IResource resource, CancellationToken stop)
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (name, value) in await VariablesOfAsync(resource, stop).ConfigureAwait(false))
        {
            environment[name] = value is IValueProvider provider ? await provider.GetValueAsync(stop).ConfigureAwait(false) : (string)value;
        }

        return environment;
    }

    private async Task<Dictionary<string, object>> VariablesOfAsync(IResource resource, CancellationToken stop)
    {
        var context = new EnvironmentCallbackContext(execution, resource, cancellationToken: stop);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await annotation.Callback(context).ConfigureAwait(false);
        }

        return context.EnvironmentVariables;
    }

    private async Task CheckHealthAsync(IResource resource, Task end, CancellationToken stop)
    {
        var checks = resource.Annotations.OfType<HealthCheckAnnotation>().ToList();
        while (!end.IsCompleted)
        {
            stop.ThrowIfCancellationRequested();
            var reports = await Task.WhenAll(checks.Select(check => check.RunAsync(stop))).ConfigureAwait(false);
            var status = reports.Min(report => report.Status) ?? HealthStatus.Healthy;
            await notifications.PublishUpdateAsync(resource, snapshot => snapshot.HealthStatus == status && snapshot.HealthReports.SequenceEqual(reports) ? snapshot : snapshot with
            {
                HealthStatus = status,
                HealthReports = [.. reports],
            }).ConfigureAwait(false);
            await Task.WhenAny(end, Task.Delay(status is HealthStatus.Healthy ? CalmCheck : EagerCheck, time, stop)).ConfigureAwait(false);
        }
    }

    private async Task EndAsync(IResource resource, IRunning? child, bool asked)
    {
        int? code = null;
        if (child is not null)
        {
            await (asked ? SetAsync(resource, KnownResourceStates.Stopping) : Task.CompletedTask).ConfigureAwait(false);
            code = await (asked ? child.StopAsync() : child.Exit).ConfigureAwait(false);
            child.Dispose();
        }

        var lastWords = code is null or 0 || logs.LastText(resource.Name) is not { } text ? "" : $": {text}";
        var outcome = asked ? "was stopped" : $"exited with code {code}{lastWords}";
        (asked || code is 0 ? (Action<ILogger, string, string>)Log.Says : Log.Fails)(logger, resource.Name, outcome);
        await SetAsync(resource, resource is ContainerResource ? KnownResourceStates.Exited : KnownResourceStates.Finished, outcome, code).ConfigureAwait(false);
    }

    private Task SetAsync(IResource resource, string state, string? outcome = null, int? exitCode = null, bool started = false, string? program = null) =>
        notifications.PublishUpdateAsync(resource, snapshot => snapshot with
        {
            State = state,
            HealthStatus = null,
            HealthReports = started ? [.. resource.Annotations.OfType<HealthCheckAnnotation>().Select(check => new HealthReportSnapshot(check.Key, null, null, null))] : [],
            CreationTimeStamp = snapshot.CreationTimeStamp == default ? time.GetUtcNow().UtcDateTime : snapshot.CreationTimeStamp,
            Program = program ?? snapshot.Program,
            ExitCode = exitCode,
            Outcome = outcome,
            StartTimeStamp = started ? time.GetUtcNow().UtcDateTime : snapshot.StartTimeStamp,
            StopTimeStamp = outcome is null ? null : time.GetUtcNow().UtcDateTime,
        });

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Distributed application starting. Application host directory is: {Directory}")]
        public static partial void Starting(ILogger logger, string directory);

        [LoggerMessage(2, LogLevel.Information, "Distributed application started. Press Ctrl+C to shut down.")]
        public static partial void Started(ILogger logger);

        [LoggerMessage(3, LogLevel.Information, "{Resource} {What}")]
        public static partial void Says(ILogger logger, string resource, string what);

        [LoggerMessage(4, LogLevel.Error, "{Resource} {What}")]
        public static partial void Fails(ILogger logger, string resource, string what);
    }
}
