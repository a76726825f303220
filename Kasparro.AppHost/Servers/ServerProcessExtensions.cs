#pragma warning disable ASPIRECERTIFICATES001, ASPIREFILESYSTEM001 // Experimental: no certificate is used, the folders are Aspire's own.
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kasparro.AppHost.Servers;

/// <summary>
/// Runs servers that are containers in Aspire as processes of this machine (docs/adr/0001). Their name, connection string, health check,
/// databases and commands remain the same.
/// </summary>
internal static partial class ServerProcessExtensions
{
    /// <summary>Replaces the container with <c>Servers/{script}</c>, which runs the server on PORT with its files in FOLDER.</summary>
    /// <param name="builder">
    /// The server; its data persists in this clone if the container has a volume, or in a bind mount's folder.
    /// </param>
    /// <param name="script">The script's name.</param>
    /// <param name="settings">The script's arguments.</param>
    public static IResourceBuilder<T> RunAsProcess<T>(this IResourceBuilder<T> builder, string script, params string[] settings)
        where T : ContainerResource, IResourceWithConnectionString
    {
        var application = builder.ApplicationBuilder;
        builder.WithoutHttpsCertificate();

        // By now the server is fully configured, and nothing has started.
        application.Eventing.Subscribe<BeforeStartEvent>((start, cancellationToken) =>
        {
            string[] command = [Path.Combine(application.AppHostDirectory, "Servers", script), .. settings];
            return ReplaceAsync(builder, command, start, cancellationToken);
        });
        return builder;
    }

    private static Task ReplaceAsync<T>(
        IResourceBuilder<T> builder, string[] command, BeforeStartEvent start, CancellationToken cancellationToken)
        where T : ContainerResource, IResourceWithConnectionString
    {
        var (server, application) = (builder.Resource, builder.ApplicationBuilder);
        var process = new ServerProcess(server);
        var folder = GetFolder(server, application);
        foreach (var annotation in server.Annotations.Where(IsForContainersOnly).ToList())
        {
            server.Annotations.Remove(annotation);
        }

        // The orchestrator allocates the port. Its proxy is bypassed, since it halves Redis' throughput.
        var endpoint = server.Annotations.OfType<EndpointAnnotation>().Single();
        (endpoint.IsProxied, endpoint.TargetPort) = (false, endpoint.Port);
        WaitForPortInHealthChecks(server, endpoint, start.Services);

        start.Model.Resources[start.Model.Resources.IndexOf(server)] = process;
        application.CreateResourceBuilder(process).WithArgs(command).WithEnvironment(context =>
        {
            context.EnvironmentVariables["FOLDER"] = folder;
            context.EnvironmentVariables["PORT"] = new EndpointReference(server, endpoint).Property(EndpointProperty.TargetPort);
        });
        PassOnEvents(server, process, start, application.Eventing);

        // AddPostgres and AddRedis get their connection string from this event of their own resource, which the orchestrator does not know:
        // published before it subscribes, and not awaited, since the port is known only when the process is about to start.
        return application.Eventing.PublishAsync(
            new ConnectionStringAvailableEvent(server, start.Services), EventDispatchBehavior.NonBlockingConcurrent, cancellationToken);
    }

    private static string GetFolder(IResource server, IDistributedApplicationBuilder application) =>
        server.Annotations.OfType<ContainerMountAnnotation>().LastOrDefault() switch
        {
            { Type: ContainerMountType.BindMount, Source: { } folder } => folder,
            { } => Path.GetFullPath($"../.kasparro/volumes/{server.Name}", application.AppHostDirectory),
            null => application.FileSystemService.TempDirectory.CreateTempSubdirectory($"kasparro-{server.Name}-").Path,
        };

    private static bool IsForContainersOnly(IResourceAnnotation annotation) => annotation is ContainerImageAnnotation
        or CommandLineArgsCallbackAnnotation or CertificateTrustConfigurationCallbackAnnotation
        or HttpsCertificateConfigurationCallbackAnnotation;

    private static void WaitForPortInHealthChecks(IResource server, EndpointAnnotation endpoint, IServiceProvider services)
    {
        var names = server.Annotations.OfType<HealthCheckAnnotation>().Select(annotation => annotation.Key)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var check in services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations
            .Where(check => names.Contains(check.Name)))
        {
            var factory = check.Factory;
            check.Factory = provider => new ListeningHealthCheck(factory(provider), endpoint);
        }
    }

    // Forwards the process's events to databases and to the server's own callbacks, as Aspire does for a container.
    private static void PassOnEvents(
        IResource server, ServerProcess process, BeforeStartEvent start, IDistributedApplicationEventing eventing)
    {
        var databases = start.Model.Resources.OfType<IResourceWithParent>().Where(child => child.Parent == server).ToList();
        var ready = false;

        eventing.Subscribe<ConnectionStringAvailableEvent>(process, (e, cancellationToken) => Task.WhenAll(databases.Select(database =>
            eventing.PublishAsync(new ConnectionStringAvailableEvent(database, e.Services), cancellationToken))));
        eventing.Subscribe<ResourceReadyEvent>(process, async (e, cancellationToken) =>
        {
            ready = true;
            await eventing.PublishAsync(new ResourceReadyEvent(server, e.Services), cancellationToken);
            await SetStateAsync(e.Services, KnownResourceStates.Running);
        });
        eventing.Subscribe<ResourceStoppedEvent>(process, async (e, cancellationToken) =>
        {
            await SetStateAsync(e.Services, e.ResourceEvent.Snapshot.State);
            if (!ready)
            {
                await EndAsync(process, e.Services, cancellationToken);
            }
        });

        Task SetStateAsync(IServiceProvider services, ResourceStateSnapshot? state) => Task.WhenAll(databases.Select(database =>
            services.GetRequiredService<ResourceNotificationService>()
                .PublishUpdateAsync(database, snapshot => snapshot with { State = state })));
    }

    // All other resources wait for the server, so without it the start would never end.
    private static async Task EndAsync(IResource process, IServiceProvider services, CancellationToken cancellationToken)
    {
        var lifetime = services.GetRequiredService<IHostApplicationLifetime>();
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return;
        }

        var reason = "its output says why";
        await foreach (var lines in services.GetRequiredService<ResourceLoggerService>().GetAllAsync(process)
            .WithCancellation(cancellationToken))
        {
            reason = lines.LastOrDefault(line => line.IsErrorMessage).Content ?? reason;
        }

        Log.NotStarted(services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ServerProcess)), process.Name, reason);
        Environment.ExitCode = 1;
        lifetime.StopApplication();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Critical, "{Server} did not start: {Reason}")]
        public static partial void NotStarted(ILogger logger, string server, string reason);
    }
}
