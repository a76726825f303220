using System.Text.Json;

namespace Aspire.Hosting.Publishing;

/// <summary>Writes the graph as Aspire's own publisher does: the same resources in the same order, with the same keys, expressions and defaults.</summary>
public sealed class ManifestPublishingContext(
    DistributedApplicationExecutionContext executionContext, string manifestPath, Utf8JsonWriter writer, CancellationToken cancellationToken = default)
{
    private readonly Dictionary<string, IResource> _referenced = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ReferenceExpression> _conditionals = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<ParameterResource, List<(string Format, string Name)>> _encoded = [];
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<int> _usedPorts = [];

    public DistributedApplicationExecutionContext ExecutionContext { get; } = executionContext;
    public string ManifestPath { get; } = manifestPath;
    public Utf8JsonWriter Writer { get; } = writer;
    public CancellationToken CancellationToken { get; } = cancellationToken;

    [return: NotNullIfNotNull(nameof(path))]
    public string? GetManifestRelativePath(string? path) =>
        path is null ? null : Path.GetRelativePath(Path.GetDirectoryName(Path.GetFullPath(ManifestPath))!, path).Replace('\\', '/');

    internal async Task WriteModelAsync(DistributedApplicationModel model)
    {
        _names.UnionWith(model.Resources.Select(resource => resource.Name));
        Writer.WriteStartObject();
        Writer.WriteStartObject("resources");
        foreach (var resource in model.Resources)
        {
            await WriteResourceAsync(resource).ConfigureAwait(false);
        }

        // What the graph does not list but its expressions name: generated passwords.
        foreach (var resource in _referenced.Values.Except(model.Resources).ToList())
        {
            await WriteResourceAsync(resource).ConfigureAwait(false);
        }

        _encoded.Keys.ToList().ForEach(WriteEncoded);
        foreach (var (name, conditional) in _conditionals)
        {
            Writer.WriteStartObject(name);
            Writer.WriteString("type", "value.v0");
            Writer.WriteString("connectionString", await conditional.GetValueAsync(CancellationToken).ConfigureAwait(false) ?? "");
            Writer.WriteEndObject();
        }

        Writer.WriteEndObject();
        Writer.WriteEndObject();
        await Writer.FlushAsync(CancellationToken).ConfigureAwait(false);
    }

    private async Task WriteResourceAsync(IResource resource)
    {
        Writer.WriteStartObject(resource.Name);
        switch (resource)
        {
            case ContainerResource:
                var image = resource.Annotations.OfType<ContainerImageAnnotation>().Single();
                Writer.WriteString("type", "container.v0");
                WriteConnectionString(resource);
                Writer.WriteString("image", image.Image);
                WriteUnlessNull("entrypoint", image.Entrypoint);
                WriteArguments(resource);
                WriteVolumes(resource);
                await WriteEnvironmentAsync(resource).ConfigureAwait(false);
                WriteBindings(resource);
                break;
            case ProjectResource:
                Writer.WriteString("type", "project.v0");
                Writer.WriteString("path", GetManifestRelativePath(resource.Annotations.OfType<IProjectMetadata>().Single().ProjectPath));
                WriteArguments(resource);
                await WriteEnvironmentAsync(resource).ConfigureAwait(false);
                WriteBindings(resource);
                break;
            case ExecutableResource executable:
                Writer.WriteString("type", "executable.v0");
                Writer.WriteString("workingDirectory", GetManifestRelativePath(executable.WorkingDirectory));
                Writer.WriteString("command", executable.Command);
                WriteArguments(resource);
                await WriteEnvironmentAsync(resource).ConfigureAwait(false);
                WriteBindings(resource);
                break;
            case ParameterResource parameter:
                WriteParameter(parameter);
                break;
            case IResourceWithConnectionString:
                Writer.WriteString("type", "value.v0");
                WriteConnectionString(resource);
                break;
            default:
                Writer.WriteString("error", "This resource does not support generation in the manifest.");
                break;
        }

        Writer.WriteEndObject();
        if (resource is ParameterResource written)
        {
            WriteEncoded(written);
        }
    }

    private void WriteParameter(ParameterResource parameter)
    {
        Writer.WriteString("type", "parameter.v0");
        Writer.WriteString("value", $"{{{parameter.Name}.inputs.value}}");
        Writer.WriteStartObject("inputs");
        Writer.WriteStartObject("value");
        Writer.WriteString("type", "string");
        if (parameter.Secret)
        {
            Writer.WriteBoolean("secret", true);
        }

        if (parameter.Default is { } byDefault)
        {
            Writer.WriteStartObject("default");
            byDefault.WriteToManifest(this);
            Writer.WriteEndObject();
        }

        Writer.WriteEndObject();
        Writer.WriteEndObject();
    }

    private void WriteConnectionString(IResource resource)
    {
        if (resource is IResourceWithConnectionString { ConnectionStringExpression: var expression })
        {
            Reference(expression);
            Writer.WriteString("connectionString", ExpressionOf(expression));
        }
    }

    private void WriteArguments(IResource resource)
    {
        var arguments = resource.Annotations.OfType<ArgumentsAnnotation>().SelectMany(annotation => annotation.Arguments).ToList();
        if (arguments.Count > 0)
        {
            Writer.WriteStartArray("args");
            arguments.ForEach(Writer.WriteStringValue);
            Writer.WriteEndArray();
        }
    }

    private void WriteVolumes(IResource resource)
    {
        if (resource.Annotations.OfType<DataVolumeAnnotation>().ToList() is { Count: > 0 } volumes)
        {
            Writer.WriteStartArray("volumes");
            foreach (var volume in volumes)
            {
                Writer.WriteStartObject();
                Writer.WriteString("name", volume.Name);
                Writer.WriteString("target", volume.Target);
                Writer.WriteBoolean("readOnly", volume.IsReadOnly);
                Writer.WriteEndObject();
            }

            Writer.WriteEndArray();
        }
    }

    private async Task WriteEnvironmentAsync(IResource resource)
    {
        var context = new EnvironmentCallbackContext(ExecutionContext, resource, cancellationToken: CancellationToken);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await annotation.Callback(context).ConfigureAwait(false);
        }

        if (context.EnvironmentVariables.Count > 0)
        {
            Writer.WriteStartObject("env");
            foreach (var (name, value) in context.EnvironmentVariables)
            {
                Writer.WriteString(name, ExpressionOf(value));
                Reference(value);
            }

            Writer.WriteEndObject();
        }
    }

    private void WriteBindings(IResource resource)
    {
        var endpoints = resource.Annotations.OfType<EndpointAnnotation>().ToList();
        if (endpoints.Count == 0)
        {
            return;
        }

        var schemes = new HashSet<string>(StringComparer.Ordinal);
        Writer.WriteStartObject("bindings");
        foreach (var endpoint in endpoints)
        {
            // A project's first port of a scheme is the deployment tool's to choose.
            var isFirst = endpoint.IsHttp && schemes.Add(endpoint.Scheme);
            var target = endpoint.TargetPort ?? (resource, isFirst) switch
            {
                (ContainerResource, _) when endpoint.Port is { } port => port,
                (ProjectResource, true) => null,
                _ => AllocatePort(),
            };
            var exposed = endpoint.Port ?? (target is null && !endpoint.IsHttp ? AllocatePort() : null);
            _usedPorts.UnionWith(new[] { target, exposed }.OfType<int>());

            Writer.WriteStartObject(endpoint.Name);
            Writer.WriteString("scheme", endpoint.Scheme);
            Writer.WriteString("protocol", "tcp");
            Writer.WriteString("transport", endpoint.IsHttp ? "http" : "tcp");
            WriteUnlessNull("port", exposed == target ? null : exposed);
            WriteUnlessNull("targetPort", target);
            if (endpoint.IsExternal)
            {
                Writer.WriteBoolean("external", true);
            }

            Writer.WriteEndObject();
        }

        Writer.WriteEndObject();
    }

    private void WriteUnlessNull(string name, string? value)
    {
        if (value is not null)
        {
            Writer.WriteString(name, value);
        }
    }

    private void WriteUnlessNull(string name, int? value)
    {
        if (value is { } number)
        {
            Writer.WriteNumber(name, number);
        }
    }

    private int AllocatePort() => Enumerable.Range(8000, ushort.MaxValue - 8000).First(port => !_usedPorts.Contains(port));

    /// <summary>A parameter in a format is a resource of its own, beside the parameter.</summary>
    private void WriteEncoded(ParameterResource parameter)
    {
        if (_encoded.Remove(parameter, out var formats))
        {
            foreach (var (format, name) in formats)
            {
                Writer.WriteStartObject(name);
                Writer.WriteString("type", "annotated.string");
                Writer.WriteString("value", parameter.ValueExpression);
                Writer.WriteString("filter", format);
                Writer.WriteEndObject();
            }
        }
    }

    private string ExpressionOf(object value) => value switch
    {
        ReferenceExpression { IsConditional: false } expression => string.Concat(expression.Parts.Select(part => part switch
        {
            { Provider: ParameterResource parameter, Format: { } format } => $"{{{EncodedName(parameter, format)}.value}}",
            _ => part.Text,
        })),
        IManifestExpressionProvider provider => provider.ValueExpression,
        _ => $"{value}",
    };

    /// <summary>Notes which resources an expression names, so that all of them are written.</summary>
    private void Reference(object? value)
    {
        switch (value)
        {
            case IResource resource:
                if (_referenced.TryAdd(resource.Name, resource))
                {
                    _names.Add(resource.Name);
                }

                break;
            case EndpointReference endpoint:
                Reference(endpoint.Resource);
                break;
            case EndpointReferenceExpression { Endpoint: var endpoint }:
                Reference(endpoint.Resource);
                break;
            case ReferenceExpression { Name: { } name } conditional:
                _conditionals.TryAdd(name, conditional);
                _names.Add(name);
                Reference(conditional.Condition);
                Reference(conditional.WhenTrue);
                Reference(conditional.WhenFalse);
                break;
            case ReferenceExpression expression:
                foreach (var (_, provider, format) in expression.Parts)
                {
                    _ = provider is ParameterResource parameter && format is not null ? EncodedName(parameter, format) : null;
                    Reference(provider);
                }

                break;
        }
    }

    private string EncodedName(ParameterResource parameter, string format)
    {
        var formats = _encoded.TryGetValue(parameter, out var known) ? known : _encoded[parameter] = [];
        if (formats.Find(entry => entry.Format == format).Name is { } name)
        {
            return name;
        }

        var wanted = $"{parameter.Name}-{format}-encoded";
        name = Enumerable.Range(0, int.MaxValue).Select(suffix => suffix == 0 ? wanted : $"{wanted}-{suffix}").First(_names.Add);
        formats.Add((format, name));
        return name;
    }
}
