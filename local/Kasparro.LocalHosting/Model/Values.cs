using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

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

    public bool Exists => Find() is not null;

    public bool IsAllocated => Find()?.AllocatedPort is not null;

    public string Scheme => Annotation.Scheme;

    public string Host => "localhost";

    public int Port => Annotation.AllocatedPort
        ?? throw new InvalidOperationException($"The endpoint `{EndpointName}` is not allocated for the resource `{Resource.Name}`.");

    public string Url => string.Create(CultureInfo.InvariantCulture, $"{Scheme}://{Host}:{Port}");

    string IManifestExpressionProvider.ValueExpression => Property(EndpointProperty.Url).ValueExpression;

    private EndpointAnnotation Annotation => Find()
        ?? throw new InvalidOperationException($"The endpoint `{EndpointName}` is not defined for the resource `{Resource.Name}`.");

    public EndpointReferenceExpression Property(EndpointProperty property) => new(this, property);

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Url);

    private EndpointAnnotation? Find() => Resource.Annotations.OfType<EndpointAnnotation>()
        .FirstOrDefault(endpoint => string.Equals(endpoint.Name, EndpointName, StringComparison.OrdinalIgnoreCase));
}

public class EndpointReferenceExpression(EndpointReference endpointReference, EndpointProperty property) : IValueProvider, IManifestExpressionProvider
{
    public EndpointReference Endpoint { get; } = endpointReference;

    public EndpointProperty Property { get; } = property;

    public string ValueExpression => Property is EndpointProperty.HostAndPort
        ? Endpoint.Property(EndpointProperty.Host).ValueExpression + ":" + Endpoint.Property(EndpointProperty.Port).ValueExpression
        : $"{{{Endpoint.Resource.Name}.bindings.{Endpoint.EndpointName}.{char.ToLowerInvariant(Property.ToString()[0])}{Property.ToString()[1..]}}}";

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Property switch
    {
        EndpointProperty.Url => Endpoint.Url,
        EndpointProperty.Host => Endpoint.Host,
        EndpointProperty.Scheme => Endpoint.Scheme,
        EndpointProperty.HostAndPort => string.Create(CultureInfo.InvariantCulture, $"{Endpoint.Host}:{Endpoint.Port}"),
        _ => Endpoint.Port.ToString(CultureInfo.InvariantCulture),
    });
}

/// <summary>Text with values in it that are known once the graph runs; in a manifest they stay expressions.</summary>
public class ReferenceExpression : IValueProvider, IManifestExpressionProvider
{
    private readonly IReadOnlyList<Part> _parts;

    private ReferenceExpression(IReadOnlyList<Part> parts) => _parts = parts;

    public string ValueExpression => string.Concat(_parts.Select(part => part.Literal ?? part.Expression));

    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => new(handler.Parts);

    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        var text = new StringBuilder();
        foreach (var part in _parts)
        {
            var value = part.Literal ?? await part.Provider!.GetValueAsync(cancellationToken).ConfigureAwait(false);
            text.Append(part.IsUri && part.Literal is null ? Uri.EscapeDataString(value ?? "") : value);
        }

        return text.ToString();
    }

    internal readonly record struct Part(string? Literal, IValueProvider? Provider, string? Expression, bool IsUri)
    {
        /// <summary>An expression whose value a manifest must encode: the writer lists these as <c>annotated.string</c>.</summary>
        public static Part Of(IValueProvider provider, string expression, string? format) => new(null, provider, expression, format == "uri");
    }

    internal IReadOnlyList<Part> Parts => _parts;

    [InterpolatedStringHandler]
    public ref struct ExpressionInterpolatedStringHandler(int literalLength, int formattedCount)
    {
        internal readonly List<Part> Parts = new(formattedCount + literalLength);

        public readonly void AppendLiteral(string value) => Parts.Add(new(value, null, null, false));

        public readonly void AppendFormatted(string? value) => AppendLiteral(value ?? "");

        public void AppendFormatted<T>(T valueProvider) where T : IValueProvider, IManifestExpressionProvider =>
            AppendFormatted(valueProvider, null);

        public void AppendFormatted<T>(T valueProvider, string? format = null) where T : IValueProvider, IManifestExpressionProvider =>
            Parts.Add(Part.Of(valueProvider, valueProvider.ValueExpression, format));
    }
}
