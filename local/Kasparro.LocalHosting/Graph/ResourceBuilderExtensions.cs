using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

public static class ResourceBuilderExtensions
{
    private static readonly HttpClient HealthClient = new() { Timeout = TimeSpan.FromSeconds(5) };

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, Func<EnvironmentCallbackContext, Task> callback)
        where T : IResourceWithEnvironment => builder.Annotate(new EnvironmentCallbackAnnotation(callback));

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, Action<EnvironmentCallbackContext> callback)
        where T : IResourceWithEnvironment => builder.Annotate(new EnvironmentCallbackAnnotation(context =>
        {
            callback(context);
            return Task.CompletedTask;
        }));

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, string? value)
        where T : IResourceWithEnvironment => builder.WithEnvironment(context => context.EnvironmentVariables[name] = value ?? "");

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, ReferenceExpression value)
        where T : IResourceWithEnvironment => builder.WithEnvironment(context => context.EnvironmentVariables[name] = value);

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, IResourceBuilder<ParameterResource> parameter)
        where T : IResourceWithEnvironment => builder.WithEnvironment(context => context.EnvironmentVariables[name] = parameter.Resource);

    public static IResourceBuilder<T> WithArgs<T>(this IResourceBuilder<T> builder, params string[] args)
        where T : IResourceWithArgs => builder.Annotate(new ArgumentsAnnotation(args));

    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithConnectionString> source,
        string? connectionName = null,
        bool optional = false) where TDestination : IResourceWithEnvironment
    {
        connectionName ??= source.Resource.Name;
        var prefix = connectionName.Length == 0 ? "" : $"{connectionName.Replace('-', '_').ToUpperInvariant()}_";
        return builder.WithEnvironment(context =>
        {
            context.EnvironmentVariables[$"ConnectionStrings__{connectionName}"] = source.Resource;
            foreach (var (property, value) in source.Resource.GetConnectionProperties())
            {
                context.EnvironmentVariables[prefix + property.ToUpperInvariant()] = value;
            }
        });
    }

    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency) where T : IResourceWithWaitSupport
    {
        if (dependency.Resource is IResourceWithParent child)
        {
            builder.WaitFor(builder.ApplicationBuilder.CreateResourceBuilder(child.Parent));
        }

        return builder.Annotate(new WaitAnnotation(dependency.Resource, WaitType.UntilHealthy));
    }

    public static IResourceBuilder<T> WaitForCompletion<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, int exitCode = 0)
        where T : IResourceWithWaitSupport => builder.Annotate(new WaitAnnotation(dependency.Resource, WaitType.ForCompletion, exitCode));

    public static IResourceBuilder<T> WithHttpEndpoint<T>(
        this IResourceBuilder<T> builder,
        int? port = null,
        int? targetPort = null,
        string? name = null,
        string? env = null,
        bool? isProxied = null) where T : IResourceWithEndpoints
    {
        var endpoint = new EndpointAnnotation(name ?? "http", "http", port, targetPort);
        if (env is not null)
        {
            var target = new EndpointReference(builder.Resource, endpoint.Name).Property(EndpointProperty.TargetPort);
            builder.Annotate(new EnvironmentCallbackAnnotation(context => Task.FromResult(context.EnvironmentVariables[env] = target)));
        }

        return builder.Annotate(endpoint);
    }

    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder) where T : IResourceWithEndpoints
    {
        foreach (var endpoint in builder.Resource.Annotations.OfType<EndpointAnnotation>().Where(endpoint => endpoint.Scheme == "http"))
        {
            endpoint.IsExternal = true;
        }

        return builder;
    }

    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder,
        string? path = null,
        int? statusCode = null,
        string? endpointName = null) where T : IResourceWithEndpoints
    {
        var endpoint = builder.GetEndpoint(endpointName ?? "http");
        var (route, expected) = (path ?? "/", statusCode ?? 200);
        var key = string.Create(CultureInfo.InvariantCulture, $"{builder.Resource.Name}_{endpoint.EndpointName}_{route}_{expected}_check");
        return builder.WithHealthCheck(key, async cancellationToken =>
        {
            using var response = await HealthClient.GetAsync(new Uri(new Uri(endpoint.Url), route), cancellationToken).ConfigureAwait(false);
            if ((int)response.StatusCode != expected)
            {
                throw new DistributedApplicationException(
                    string.Create(CultureInfo.InvariantCulture, $"{route} answers {(int)response.StatusCode}, expected {expected}"));
            }
        });
    }

    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name) where T : IResourceWithEndpoints =>
        new(builder.Resource, name);

    internal static IResourceBuilder<T> WithHealthCheck<T>(this IResourceBuilder<T> builder, string key, Func<CancellationToken, Task> check)
        where T : IResource
    {
        builder.ApplicationBuilder.Services.AddHealthChecks().AddAsyncCheck(key, async cancellationToken =>
        {
            await check(cancellationToken).ConfigureAwait(false);
            return HealthCheckResult.Healthy();
        });
        return builder.Annotate(new HealthCheckAnnotation(key));
    }

    internal static IResourceBuilder<T> Annotate<T>(this IResourceBuilder<T> builder, IResourceAnnotation annotation) where T : IResource
    {
        builder.Resource.Annotations.Add(annotation);
        return builder;
    }
}
