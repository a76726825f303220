namespace Aspire.Hosting.Testing;

public interface IDistributedApplicationTestingBuilder : IDistributedApplicationBuilder, IAsyncDisposable, IDisposable
{
    Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);
}

public static class DistributedApplicationTestingBuilder
{
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(string[] args, CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync<TEntryPoint>(args, static (_, _) => { }, cancellationToken);

    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(
        string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder, CancellationToken cancellationToken = default) =>
        new AppHostEntryPoint(typeof(TEntryPoint).Assembly, args, configureBuilder).RunToBuildAsync(cancellationToken);
}

public static class DistributedApplicationHostingTestingExtensions
{
    public static HttpClient CreateHttpClient(this DistributedApplication app, string resourceName, string? endpointName = null)
    {
        var client = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient();
        client.BaseAddress = app.GetEndpoint(resourceName, endpointName);
        return client;
    }

    public static ValueTask<string?> GetConnectionStringAsync(this DistributedApplication app, string resourceName, CancellationToken cancellationToken = default) =>
        app.Find<IResourceWithConnectionString>(resourceName).GetConnectionStringAsync(cancellationToken);

    public static Uri GetEndpoint(this DistributedApplication app, string resourceName, string? endpointName = null) =>
        new(new EndpointReference(app.Find<IResourceWithEndpoints>(resourceName), endpointName ?? "http").Url);

    private static T Find<T>(this DistributedApplication app, string name) where T : IResource =>
        app.Services.GetRequiredService<DistributedApplicationModel>().Resources.TryGetByName(name, out var resource) && resource is T found
            ? found
            : throw new ArgumentException($"Resource '{name}' not found, or it is no {typeof(T).Name}.", nameof(name));
}

/// <summary>Runs the AppHost's own top-level statements on a thread of this process, up to Build(), so that a test can change the graph.</summary>
internal sealed class AppHostEntryPoint(Assembly appHost, string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configure)
{
    private static readonly AsyncLocal<AppHostEntryPoint?> Ambient = new();

    private readonly TaskCompletionSource<IDistributedApplicationTestingBuilder> _building = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DistributedApplication> _built = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The entry point on whose thread the caller runs; null in an AppHost that runs by itself, and in the test.</summary>
    public static AppHostEntryPoint? Current => Ambient.Value;

    public Task Ended => _ended.Task;

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

    public void Configure(DistributedApplicationOptions options, HostApplicationBuilderSettings settings)
    {
        settings.ApplicationName = options.AssemblyName = appHost.GetName().Name;
        settings.ContentRootPath = new Workspace(appHost, KeepsLogs: false).AppHostDirectory;
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
        application.Ended = End;
        _built.TrySetResult(application);
    }

    public void End()
    {
        _goOn.TrySetCanceled();
        _ended.TrySetResult();
    }

    private void Invoke()
    {
        Ambient.Value = this;
        var error = (Exception)new InvalidOperationException($"The entry point exited without building a {nameof(DistributedApplication)}.");
        try
        {
            appHost.EntryPoint!.Invoke(null, appHost.EntryPoint.GetParameters().Length == 0 ? [] : [args]);
        }
        catch (TargetInvocationException e)
        {
            error = e.InnerException ?? e;
        }

        _building.TrySetException(error);
        _built.TrySetException(error);
    }
}
