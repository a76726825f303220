using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

public class DistributedApplication(IHost host) : IHost, IAsyncDisposable
{
    public IServiceProvider Services => host.Services;

    public ResourceNotificationService ResourceNotifications => Services.GetRequiredService<ResourceNotificationService>();

    public ResourceCommandService ResourceCommands => Services.GetRequiredService<ResourceCommandService>();

    /// <summary>Lets an AppHost that a test runs come to its end.</summary>
    internal Action? Ended { get; set; }

    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => CreateBuilder(new DistributedApplicationOptions { Args = args });

    public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options) => new DistributedApplicationBuilder(options);

    public virtual Task StartAsync(CancellationToken cancellationToken = default) => host.StartAsync(cancellationToken);

    public virtual Task StopAsync(CancellationToken cancellationToken = default) => host.StopAsync(cancellationToken);

    public void Run() => RunAsync().GetAwaiter().GetResult();

    public virtual async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (AppHostEntryPoint.Current is { } entryPoint)
        {
            // A test starts and stops the application; the AppHost's own Run() lasts as long.
            await entryPoint.Disposed.WaitAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        if (Services.GetRequiredService<DistributedApplicationExecutionContext>().IsPublishMode)
        {
            throw new DistributedApplicationException("Local hosting cannot write a manifest yet: use HOSTING=aspire.");
        }

        try
        {
            await StartAsync(cancellationToken).ConfigureAwait(false);
            await host.WaitForShutdownAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await DisposeAsync().ConfigureAwait(false);
        }
    }

    public virtual void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public virtual async ValueTask DisposeAsync()
    {
        await ((IAsyncDisposable)host).DisposeAsync().ConfigureAwait(false);
        Ended?.Invoke();
        GC.SuppressFinalize(this);
    }
}
