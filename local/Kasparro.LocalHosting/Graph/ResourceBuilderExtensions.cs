using Aspire.Hosting.Dashboard.Wire;

namespace Aspire.Hosting;

public static class ResourceBuilderExtensions
{
    private static readonly HttpClient HealthClient = new() { Timeout = TimeSpan.FromSeconds(5) };

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, Action<EnvironmentCallbackContext> callback)
        where T : IResourceWithEnvironment => builder.Annotate(new EnvironmentCallbackAnnotation(context =>
        {
            callback(context);
            return Task.CompletedTask;
        }));

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, string? value)
        where T : IResourceWithEnvironment => builder.WithEnvironment(context => context.EnvironmentVariables[name] = value ?? "");

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, ReferenceExpression value)
        where T : IResourceWithEnvironment => value.Parts.Select(part => part.Provider).OfType<EndpointReference>().Aggregate(
            builder.WithEnvironment(context => context.EnvironmentVariables[name] = value), (related, endpoint) => related.References(endpoint.Resource));

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, IResourceBuilder<ParameterResource> parameter)
        where T : IResourceWithEnvironment => builder.WithEnvironment(context => context.EnvironmentVariables[name] = parameter.Resource)
            .References(parameter.Resource);

    public static IResourceBuilder<T> WithArgs<T>(this IResourceBuilder<T> builder, params string[] args)
        where T : IResourceWithArgs => builder.Annotate(new ArgumentsAnnotation(args));

    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithConnectionString> source,
        string? connectionName = null,
        bool optional = false) where TDestination : IResourceWithEnvironment => builder.References(source.Resource).WithEnvironment(context =>
        {
            var name = connectionName ?? source.Resource.Name;
            context.EnvironmentVariables[$"ConnectionStrings__{name}"] = source.Resource;
            foreach (var (property, value) in source.Resource.GetConnectionProperties())
            {
                context.EnvironmentVariables[$"{name.Replace('-', '_')}_{property}".ToUpperInvariant()] = value;
            }
        });

    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport => builder.Annotate(new WaitAnnotation(dependency.Resource));

    public static IResourceBuilder<T> WaitForCompletion<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, int exitCode = 0)
        where T : IResourceWithWaitSupport => builder.Annotate(new WaitAnnotation(dependency.Resource, exitCode));

    public static IResourceBuilder<T> WithHttpEndpoint<T>(
        this IResourceBuilder<T> builder, int? port = null, int? targetPort = null, string? name = null, string? env = null, bool? isProxied = null)
        where T : IResourceWithEndpoints => env is null
            ? builder.Annotate(new EndpointAnnotation(name ?? "http", "http", port, targetPort))
            : throw new DistributedApplicationException($"{builder.Resource.Name}: local hosting tells a port through ASPNETCORE_URLS only.");

    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder) where T : IResourceWithEndpoints
    {
        builder.Resource.Annotations.OfType<EndpointAnnotation>().ToList().ForEach(endpoint => endpoint.IsExternal = true);
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
        return builder.Annotate(new HealthCheckAnnotation($"{builder.Resource.Name}_{endpoint.EndpointName}_{route}_{expected}_check", async cancellationToken =>
        {
            using var response = await HealthClient.GetAsync(new Uri(endpoint.Url + route), cancellationToken).ConfigureAwait(false);
            if ((int)response.StatusCode != expected)
            {
                throw new DistributedApplicationException($"{route} answers {(int)response.StatusCode}, expected {expected}");
            }
        }));
    }

    public static IResourceBuilder<T> WithCommand<T>(
        this IResourceBuilder<T> builder,
        string name,
        string displayName,
        Func<ExecuteCommandContext, Task<ExecuteCommandResult>> executeCommand,
        CommandOptions? commandOptions = null) where T : IResource =>
        builder.Annotate(new CommandAnnotation(name, displayName, executeCommand, commandOptions ?? new(), _ => ResourceCommandState.Enabled));

    public static IResourceBuilder<TResource> WithHttpCommand<TResource>(
        this IResourceBuilder<TResource> builder,
        string path,
        string displayName,
        string? endpointName = null,
        string? commandName = null,
        HttpCommandOptions? commandOptions = null) where TResource : IResourceWithEndpoints
    {
        var endpoint = builder.GetEndpoint(endpointName ?? "http");
        var options = commandOptions ?? new();
        return builder.Annotate(new CommandAnnotation(
            commandName ?? $"{builder.Resource.Name}-{endpoint.EndpointName}-http-post-{path}",
            displayName,
            async context =>
            {
                using var client = context.Services.GetRequiredService<IHttpClientFactory>().CreateClient();
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(new Uri(endpoint.Url), path));
                await (options.PrepareRequest?.Invoke(new() { Request = request, CancellationToken = context.CancellationToken }) ?? Task.CompletedTask)
                    .ConfigureAwait(false);
                using var response = await client.SendAsync(request, context.CancellationToken).ConfigureAwait(false);
                return options.GetCommandResult is not null
                    ? await options.GetCommandResult(new() { Response = response }).ConfigureAwait(false)
                    : response.IsSuccessStatusCode ? CommandResults.Success() : CommandResults.Failure($"Request failed with status code {response.StatusCode}");
            },
            options,
            state => state == KnownResourceStates.Running ? ResourceCommandState.Enabled : ResourceCommandState.Disabled));
    }

    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name) where T : IResourceWithEndpoints =>
        new(builder.Resource, name);

    internal static IResourceBuilder<T> References<T>(this IResourceBuilder<T> builder, IResource resource) where T : IResource =>
        builder.Annotate(new RelationshipAnnotation(resource, "Reference"));

    internal static IResourceBuilder<T> Annotate<T>(this IResourceBuilder<T> builder, IResourceAnnotation annotation) where T : IResource
    {
        builder.Resource.Annotations.Add(annotation);
        return builder;
    }
}

public static class ExecutableResourceBuilderExtensions
{
    public static IResourceBuilder<ExecutableResource> AddExecutable(
        this IDistributedApplicationBuilder builder, string name, string command, string workingDirectory, params string[]? args) =>
        builder.AddResource(new ExecutableResource(name, command, Path.GetFullPath(workingDirectory, builder.AppHostDirectory))).WithArgs(args ?? []);
}

public static class ParameterResourceBuilderExtensions
{
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false) =>
        publishValueAsDefault
            ? throw new DistributedApplicationException($"{name}: local hosting does not publish defaults.")
            : builder.AddResource(new ParameterResource(name, _ => value, secret));

    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false) =>
        builder.AddResource(new ParameterResource(name, _ => builder.Configured(name) ?? (persist
            ? Workspace.ReadOrWriteSecret(Workspace.ParameterFile(builder.AppHostDirectory, name), value.GetDefaultValue)
            : value.GetDefaultValue()), secret)
        {
            Default = value,
        });

    internal static ParameterResource GeneratedPassword(this IDistributedApplicationBuilder builder, string name, bool special)
    {
        var generated = new GenerateParameterDefault { Special = special };
        return new(name, parameter => builder.Configured(name) ?? generated.Read(parameter.KeptIn), secret: true) { Default = generated };
    }

    // An underscore stands for a dash, which a shell cannot export.
    private static string? Configured(this IDistributedApplicationBuilder builder, string name) =>
        builder.Configuration[$"Parameters:{name}"] ?? builder.Configuration[$"Parameters:{name.Replace('-', '_')}"];
}
