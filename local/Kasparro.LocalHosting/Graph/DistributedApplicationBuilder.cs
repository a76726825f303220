using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Publishing;
using Aspire.Hosting.Testing;

namespace Aspire.Hosting;

public enum DistributedApplicationOperation
{
    Run = 0,
    Publish = 1,
}

public class DistributedApplicationExecutionContext(DistributedApplicationOperation operation)
{
    public bool IsRunMode => operation is DistributedApplicationOperation.Run;
    public bool IsPublishMode => operation is DistributedApplicationOperation.Publish;
}

public class DistributedApplicationException(string message) : Exception(message);

public sealed class DistributedApplicationOptions
{
    public string[]? Args { get; set; }
    public string? AssemblyName { get; set; }
    public bool DisableDashboard { get; set; }
}

public interface IDistributedApplicationBuilder
{
    ConfigurationManager Configuration { get; }
    string AppHostDirectory { get; }
    IHostEnvironment Environment { get; }
    IServiceCollection Services { get; }
    DistributedApplicationExecutionContext ExecutionContext { get; }
    IResourceCollection Resources { get; }
    IResourceBuilder<T> AddResource<T>(T resource) where T : IResource;
    DistributedApplication Build();
}

internal sealed class DistributedApplicationBuilder : IDistributedApplicationTestingBuilder
{
    private readonly AppHostEntryPoint? _entryPoint = AppHostEntryPoint.Current;
    private readonly HostApplicationBuilder _host;

    public DistributedApplicationBuilder(DistributedApplicationOptions options)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new DistributedApplicationException("Local hosting runs on Linux and macOS; on Windows use HOSTING=aspire, or WSL.");
        }

        var settings = new HostApplicationBuilderSettings { Args = options.Args, Configuration = new ConfigurationManager() };
        settings.Configuration.AddEnvironmentVariables("ASPIRE_");
        _entryPoint?.Configure(options, settings);
        _host = new HostApplicationBuilder(settings);
        _host.Configuration.AddCommandLine(options.Args ?? [], new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["--operation"] = "AppHost:Operation",
            ["--publisher"] = "Publishing:Publisher",
            ["--step"] = "Pipeline:Step",
            ["--output-path"] = "Pipeline:OutputPath",
        });
        var publish = string.Equals(Configuration["AppHost:Operation"], "publish", StringComparison.OrdinalIgnoreCase) || Configuration["Publishing:Publisher"] is not null;
        ExecutionContext = new(publish ? DistributedApplicationOperation.Publish : DistributedApplicationOperation.Run);

        // A test's graph, on random ports, must not write over the output of one that runs in the same clone.
        var keepsLogs = !publish && !options.DisableDashboard && !Configuration.GetValue<bool>("DcpPublisher:RandomizePorts");
        var workspace = new Workspace(options.AssemblyName is { } name ? Assembly.Load(name) : Assembly.GetEntryAssembly()!, keepsLogs);
        AppHostDirectory = workspace.AppHostDirectory;

        _host.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        _host.Logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);
        Services.AddHttpClient();
        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton(ExecutionContext);
        Services.AddSingleton(workspace);
        Services.AddSingleton(new DistributedApplicationModel(Resources));
        Services.AddSingleton(_ => new ResourceNotificationService());
        Services.AddSingleton(services => new ResourceLoggerService(services.GetRequiredService<TimeProvider>(), workspace.LogFolder));
        Services.AddSingleton(services => new ResourceCommandService(services, services.GetRequiredService<ResourceLoggerService>()));
        if (ExecutionContext.IsRunMode && !options.DisableDashboard)
        {
            DashboardHost.AddTo(_host);
        }

        Services.AddSingleton<ManifestPublisher>();
        Services.AddSingleton<Orchestrator>();
        Services.AddHostedService(services => services.GetRequiredService<Orchestrator>());
    }

    public ConfigurationManager Configuration => _host.Configuration;
    public string AppHostDirectory { get; }
    public IHostEnvironment Environment => _host.Environment;
    public IServiceCollection Services => _host.Services;
    public DistributedApplicationExecutionContext ExecutionContext { get; }
    public IResourceCollection Resources { get; } = new ResourceCollection();

    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource
    {
        Resources.Add(resource);
        return new ResourceBuilder<T>(this, resource);
    }

    // In a test, the AppHost's own call waits until the test has changed the graph to its liking and builds it.
    public DistributedApplication Build()
    {
        if (_entryPoint is not null && AppHostEntryPoint.Current is null)
        {
            return BuildAsync(CancellationToken.None).GetAwaiter().GetResult();
        }

        _entryPoint?.OnBuilding(this);
        var application = new DistributedApplication(_host.Build());
        _entryPoint?.OnBuilt(application);
        return application;
    }

    public Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default) => _entryPoint!.BuildAsync(cancellationToken);

    public void Dispose() => _entryPoint?.End();

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}

public class DistributedApplication(IHost host) : IHost, IAsyncDisposable
{
    public IServiceProvider Services => host.Services;
    public ResourceNotificationService ResourceNotifications => Services.GetRequiredService<ResourceNotificationService>();
    public ResourceCommandService ResourceCommands => Services.GetRequiredService<ResourceCommandService>();

    /// <summary>Lets an AppHost that a test runs come to its end.</summary>
    internal Action? Ended { get; set; }

    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => new DistributedApplicationBuilder(new() { Args = args });

    public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options) => new DistributedApplicationBuilder(options);

    public virtual Task StartAsync(CancellationToken cancellationToken = default) => host.StartAsync(cancellationToken);

    public virtual Task StopAsync(CancellationToken cancellationToken = default) => host.StopAsync(cancellationToken);

    public void Run() => RunAsync().GetAwaiter().GetResult();

    public virtual Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (AppHostEntryPoint.Current is { } entryPoint)
        {
            // A test starts and stops the application; the AppHost's own Run() lasts as long.
            return entryPoint.Ended.WaitAsync(cancellationToken);
        }

        return Services.GetRequiredService<DistributedApplicationExecutionContext>().IsRunMode
            ? host.RunAsync(cancellationToken)
            : Services.GetRequiredService<ManifestPublisher>().PublishAsync(cancellationToken);
    }

    public virtual void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public virtual async ValueTask DisposeAsync()
    {
        await ((IAsyncDisposable)host).DisposeAsync().ConfigureAwait(false);
        Ended?.Invoke();
        GC.SuppressFinalize(this);
    }
}
