using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

public enum DistributedApplicationOperation
{
    Run = 0,
    Publish = 1,
}

public class DistributedApplicationExecutionContext(DistributedApplicationOperation operation)
{
    public DistributedApplicationOperation Operation { get; } = operation;

    public bool IsRunMode => Operation is DistributedApplicationOperation.Run;

    public bool IsPublishMode => Operation is DistributedApplicationOperation.Publish;
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

    IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource;

    DistributedApplication Build();
}

internal sealed class DistributedApplicationBuilder : IDistributedApplicationTestingBuilder
{
    private static readonly Dictionary<string, string> Switches = new(StringComparer.Ordinal)
    {
        ["--operation"] = "AppHost:Operation",
        ["--publisher"] = "Publishing:Publisher",
        ["--step"] = "Pipeline:Step",
        ["--output-path"] = "Pipeline:OutputPath",
    };

    private readonly AppHostEntryPoint? _entryPoint = AppHostEntryPoint.Current;
    private readonly HostApplicationBuilder _host;

    public DistributedApplicationBuilder(DistributedApplicationOptions options)
    {
        var settings = new HostApplicationBuilderSettings { Args = options.Args, Configuration = new ConfigurationManager() };
        settings.Configuration.AddEnvironmentVariables("ASPIRE_");
        _entryPoint?.Configure(options, settings);
        _host = new HostApplicationBuilder(settings);
        _host.Configuration.AddCommandLine(settings.Args ?? [], Switches);

        var assembly = options.AssemblyName is { } name ? Assembly.Load(name) : Assembly.GetEntryAssembly();
        AppHostDirectory = assembly?.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(metadata => metadata.Key == "apphostprojectpath")?.Value ?? _host.Environment.ContentRootPath;
        var publish = _host.Configuration["AppHost:Operation"] is { } operation
            ? string.Equals(operation, "publish", StringComparison.OrdinalIgnoreCase)
            : _host.Configuration["Publishing:Publisher"] is not null;
        ExecutionContext = new(publish ? DistributedApplicationOperation.Publish : DistributedApplicationOperation.Run);

        _host.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        _host.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        _host.Logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);
        _host.Services.AddHealthChecks();
        _host.Services.AddHttpClient();
        _host.Services.AddSingleton(TimeProvider.System);
        _host.Services.AddSingleton(ExecutionContext);
        _host.Services.AddSingleton(new DistributedApplicationModel(Resources));
        _host.Services.AddSingleton(new Workspace(AppHostDirectory, assembly, KeepsLogs: _entryPoint is null && ExecutionContext.IsRunMode));
        _host.Services.AddSingleton(_ => new ResourceNotificationService());
        _host.Services.AddSingleton(services => new ResourceLoggerService(services.GetRequiredService<TimeProvider>(), services.GetRequiredService<Workspace>().LogFolder));
        _host.Services.AddSingleton(services => new ResourceCommandService(services.GetRequiredService<Orchestrator>()));
        _host.Services.AddSingleton<Orchestrator>();
        _host.Services.AddHostedService(services => services.GetRequiredService<Orchestrator>());
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
        return CreateResourceBuilder(resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource => new ResourceBuilder<T>(this, resource);

    // The AppHost's own call waits, in a test, until the test has changed the graph to its liking and builds it.
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

    public Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default) =>
        _entryPoint is null ? Task.FromResult(Build()) : _entryPoint.BuildAsync(cancellationToken);

    public void Dispose() => _entryPoint?.Abandon();

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
