using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>Runs the AppHost's own top-level statements on a thread of this process, up to Build(), so that a test can change the graph.</summary>
internal sealed class AppHostEntryPoint(Assembly appHost, string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configure)
{
    private static readonly AsyncLocal<AppHostEntryPoint?> Ambient = new();

    private readonly TaskCompletionSource<IDistributedApplicationTestingBuilder> _building = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DistributedApplication> _built = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The entry point on whose thread the caller runs; null in an AppHost that runs by itself, and in the test.</summary>
    public static AppHostEntryPoint? Current => Ambient.Value;

    public Task Disposed => _disposed.Task;

    public Task<IDistributedApplicationTestingBuilder> RunToBuildAsync(CancellationToken cancellationToken)
    {
        new Thread(Invoke) { IsBackground = true, Name = $"{appHost.GetName().Name}.EntryPoint" }.Start();
        return _building.Task.WaitAsync(cancellationToken);
    }

    public Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken)
    {
        _goOn.TrySetResult();
        return _built.Task.WaitAsync(cancellationToken);
    }

    public void Abandon()
    {
        _goOn.TrySetCanceled();
        _disposed.TrySetResult();
    }

    public void Configure(DistributedApplicationOptions options, HostApplicationBuilderSettings settings)
    {
        settings.ApplicationName = options.AssemblyName = appHost.GetName().Name;
        settings.ContentRootPath = appHost.GetCustomAttributes<AssemblyMetadataAttribute>().First(metadata => metadata.Key == "apphostprojectpath").Value;
        settings.Configuration!.AddInMemoryCollection([new("DcpPublisher:RandomizePorts", "true")]);
        options.DisableDashboard = true;
        configure(options, settings);
    }

    public void OnBuilding(IDistributedApplicationTestingBuilder builder)
    {
        _building.TrySetResult(builder);
        _goOn.Task.GetAwaiter().GetResult();
    }

    public void OnBuilt(DistributedApplication application)
    {
        application.Ended = () => _disposed.TrySetResult();
        _built.TrySetResult(application);
    }

    private void Invoke()
    {
        Ambient.Value = this;
        try
        {
            appHost.EntryPoint!.Invoke(null, appHost.EntryPoint.GetParameters().Length == 0 ? [] : [args]);
            Fail(new InvalidOperationException($"The entry point exited without building a {nameof(DistributedApplication)}."));
        }
        catch (TargetInvocationException e)
        {
            Fail(e.InnerException ?? e);
        }
    }

    private void Fail(Exception exception)
    {
        _building.TrySetException(exception);
        _built.TrySetException(exception);
    }
}
