namespace Aspire.Hosting.ApplicationModel;

public interface IValueProvider
{
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);
}

public interface IManifestExpressionProvider
{
    string ValueExpression { get; }
}

public enum EndpointProperty
{
    Url = 0,
    Host = 1,
    Port = 3,
    Scheme = 4,
    TargetPort = 5,
    HostAndPort = 6,
}

public sealed class EndpointReference(IResourceWithEndpoints owner, string endpointName) : IValueProvider, IManifestExpressionProvider
{
    public IResourceWithEndpoints Resource { get; } = owner;
    public string EndpointName { get; } = endpointName;
    public string Scheme => Find()?.Scheme ?? throw Missing("defined");
    public string Host => "localhost";
    public int Port => Find()?.AllocatedPort ?? throw Missing("allocated");
    public string Url => $"{Scheme}://{Host}:{Port}";
    string IManifestExpressionProvider.ValueExpression => Property(EndpointProperty.Url).ValueExpression;

    public EndpointReferenceExpression Property(EndpointProperty property) => new(this, property);

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Url);

    private EndpointAnnotation? Find() => Resource.Annotations.OfType<EndpointAnnotation>()
        .FirstOrDefault(endpoint => string.Equals(endpoint.Name, EndpointName, StringComparison.OrdinalIgnoreCase));

    private InvalidOperationException Missing(string what) => new($"The endpoint `{EndpointName}` is not {what} for the resource `{Resource.Name}`.");
}

public class EndpointReferenceExpression(EndpointReference endpointReference, EndpointProperty property) : IValueProvider, IManifestExpressionProvider
{
    public string ValueExpression => property is EndpointProperty.HostAndPort
        ? endpointReference.Property(EndpointProperty.Host).ValueExpression + ":" + endpointReference.Property(EndpointProperty.Port).ValueExpression
        : $"{{{endpointReference.Resource.Name}.bindings.{endpointReference.EndpointName}.{char.ToLowerInvariant($"{property}"[0])}{$"{property}"[1..]}}}";

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(property switch
    {
        EndpointProperty.Url => endpointReference.Url,
        EndpointProperty.Host => endpointReference.Host,
        EndpointProperty.Scheme => endpointReference.Scheme,
        EndpointProperty.HostAndPort => $"{endpointReference.Host}:{endpointReference.Port}",
        _ => $"{endpointReference.Port}",
    });
}

/// <summary>Text with values in it that are known once the graph runs; in a manifest they stay expressions.</summary>
public class ReferenceExpression : IValueProvider, IManifestExpressionProvider
{
    private ReferenceExpression(IReadOnlyList<Part> parts) => Parts = parts;

    public string ValueExpression => string.Concat(Parts.Select(part => part.Text));

    internal IReadOnlyList<Part> Parts { get; }

    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => new(handler.Parts);

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) => FormatAsync(provider => provider.GetValueAsync(cancellationToken));

    internal async ValueTask<string?> FormatAsync(Func<IValueProvider, ValueTask<string?>> valueOf)
    {
        var text = new System.Text.StringBuilder();
        foreach (var part in Parts)
        {
            var value = part.Provider is null ? part.Text : await valueOf(part.Provider).ConfigureAwait(false);
            text.Append(part.Format == "uri" ? Uri.EscapeDataString(value ?? "") : value);
        }

        return text.ToString();
    }

    /// <summary>A literal, or a value with its expression in a manifest and the format <c>uri</c> where it is percent-encoded.</summary>
    internal readonly record struct Part(string Text, IValueProvider? Provider = null, string? Format = null);

    [InterpolatedStringHandler]
    public ref struct ExpressionInterpolatedStringHandler(int literalLength, int formattedCount)
    {
        internal readonly List<Part> Parts = new(Math.Min(literalLength, 1) + (2 * formattedCount));

        public readonly void AppendLiteral(string value) => Parts.Add(new(value));

        public readonly void AppendFormatted(string? value) => Parts.Add(new(value ?? ""));

        public void AppendFormatted<T>(T valueProvider) where T : IValueProvider, IManifestExpressionProvider => AppendFormatted(valueProvider, null);

        public void AppendFormatted<T>(T valueProvider, string? format = null) where T : IValueProvider, IManifestExpressionProvider =>
            Parts.Add(new(valueProvider.ValueExpression, valueProvider, format));
    }
}

public class ParameterResource : Resource, IValueProvider, IManifestExpressionProvider
{
    private readonly Lazy<string> _value;

    internal ParameterResource(string name, Func<ParameterResource, string> read, bool secret) : base(name) =>
        (Secret, _value) = (secret, new(() => read(this)));

    public bool Secret { get; }
    public string ValueExpression => $"{{{Name}.value}}";

    /// <summary>How the value is made up where configuration has none; a manifest tells it to the deployer.</summary>
    internal GenerateParameterDefault? Generated { get; init; }

    /// <summary>Where a generated value lasts between runs: beside the data that it protects.</summary>
    internal DataVolumeAnnotation? KeptIn { get; set; }

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) => new(_value.Value);
}

public abstract class ParameterDefault
{
    public abstract string GetDefaultValue();
}

public sealed class GenerateParameterDefault : ParameterDefault
{
    // Aspire's alphabet: nothing that reads like something else, nothing that means something in a URL or a connection string.
    private const string Plain = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ0123456789";

    public int MinLength { get; set; } = 22;
    public bool Special { get; set; } = true;

    public override string GetDefaultValue() => RandomNumberGenerator.GetString(Special ? Plain + "-_.{}~()*+!" : Plain, MinLength);

    internal string Read(DataVolumeAnnotation? volume)
    {
        if (volume is null)
        {
            return GetDefaultValue();
        }

        if (Directory.Exists(volume.Data) && !File.Exists(volume.PasswordFile))
        {
            throw new DistributedApplicationException(
                $"{volume.PasswordFile} is missing, so nobody can log in to the data beside it: put it back, or delete {volume.Folder}");
        }

        return Workspace.ReadOrWriteSecret(volume.PasswordFile, GetDefaultValue);
    }
}
