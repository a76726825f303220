using System.IO.Hashing;
using System.Text;
using Aspire.Hosting.Publishing;

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
    TlsEnabled = 7,
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

    public ReferenceExpression GetTlsValue(ReferenceExpression enabledValue, ReferenceExpression disabledValue) =>
        ReferenceExpression.CreateConditional(Property(EndpointProperty.TlsEnabled), bool.TrueString, enabledValue, disabledValue);

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Url);

    private EndpointAnnotation? Find() => Resource.Annotations.OfType<EndpointAnnotation>()
        .FirstOrDefault(endpoint => string.Equals(endpoint.Name, EndpointName, StringComparison.OrdinalIgnoreCase));

    private InvalidOperationException Missing(string what) => new($"The endpoint `{EndpointName}` is not {what} for the resource `{Resource.Name}`.");
}

public class EndpointReferenceExpression(EndpointReference endpointReference, EndpointProperty property) : IValueProvider, IManifestExpressionProvider
{
    public EndpointReference Endpoint { get; } = endpointReference;
    public string ValueExpression => property is EndpointProperty.HostAndPort
        ? Endpoint.Property(EndpointProperty.Host).ValueExpression + ":" + Endpoint.Property(EndpointProperty.Port).ValueExpression
        : $"{{{Endpoint.Resource.Name}.bindings.{Endpoint.EndpointName}.{char.ToLowerInvariant($"{property}"[0])}{$"{property}"[1..]}}}";

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(property switch
    {
        EndpointProperty.Url => Endpoint.Url,
        EndpointProperty.Host => Endpoint.Host,
        EndpointProperty.Scheme => Endpoint.Scheme,
        EndpointProperty.HostAndPort => $"{Endpoint.Host}:{Endpoint.Port}",
        EndpointProperty.TlsEnabled => bool.FalseString, // There is no TLS between processes of one machine.
        _ => $"{Endpoint.Port}",
    });
}

/// <summary>Text with values in it that are known once the graph runs; in a manifest they stay expressions.</summary>
public class ReferenceExpression : IValueProvider, IManifestExpressionProvider
{
    public static readonly ReferenceExpression Empty = new([]);

    private ReferenceExpression(IReadOnlyList<Part> parts) => Parts = parts;

    public bool IsConditional => Condition is not null;
    public IValueProvider? Condition { get; private init; }
    public ReferenceExpression? WhenTrue { get; private init; }
    public ReferenceExpression? WhenFalse { get; private init; }
    public string? MatchValue { get; private init; }
    public string ValueExpression => Name is null ? string.Concat(Parts.Select(part => part.Text)) : $"{{{Name}.connectionString}}";

    internal IReadOnlyList<Part> Parts { get; }

    /// <summary>The resource that a conditional one becomes in a manifest: its condition's name, and Aspire's hash of all of it.</summary>
    internal string? Name { get; private init; }

    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => new(handler.Parts);

    public static ReferenceExpression CreateConditional(IValueProvider condition, string matchValue, ReferenceExpression whenTrue, ReferenceExpression whenFalse)
    {
        var expression = ((IManifestExpressionProvider)condition).ValueExpression;
        var words = string.Join('-', string.Concat(expression.Select(c => char.IsLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' ')).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var hash = XxHash32.Hash(Encoding.UTF8.GetBytes($"{expression}{whenTrue.ValueExpression}{whenFalse.ValueExpression}{matchValue}"));
        return new([])
        {
            Condition = condition,
            MatchValue = matchValue,
            WhenTrue = whenTrue,
            WhenFalse = whenFalse,
            Name = $"cond-{words}-{Convert.ToHexStringLower(hash)}",
        };
    }

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) => FormatAsync(provider => provider.GetValueAsync(cancellationToken));

    internal async ValueTask<string?> FormatAsync(Func<IValueProvider, ValueTask<string?>> valueOf)
    {
        if (Condition is not null)
        {
            var holds = string.Equals(await valueOf(Condition).ConfigureAwait(false), MatchValue, StringComparison.OrdinalIgnoreCase);
            return await (holds ? WhenTrue! : WhenFalse!).FormatAsync(valueOf).ConfigureAwait(false);
        }

        var text = new StringBuilder();
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
    public ParameterDefault? Default { get; set; }
    public string ValueExpression => $"{{{Name}.value}}";


    /// <summary>Where a generated value lasts between runs: beside the data that it protects.</summary>
    internal DataVolumeAnnotation? KeptIn { get; set; }

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) => new(_value.Value);
}

public abstract class ParameterDefault
{
    public abstract void WriteToManifest(ManifestPublishingContext context);
    public abstract string GetDefaultValue();
}

public sealed class GenerateParameterDefault : ParameterDefault
{
    // Aspire's alphabet: nothing that reads like something else, nothing that means something in a URL or a connection string.
    private const string Plain = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ0123456789";

    public int MinLength { get; set; } = 22;
    public bool Special { get; set; } = true;

    public override void WriteToManifest(ManifestPublishingContext context)
    {
        context.Writer.WriteStartObject("generate");
        context.Writer.WriteNumber("minLength", MinLength);
        if (!Special)
        {
            context.Writer.WriteBoolean("special", false);
        }

        context.Writer.WriteEndObject();
    }

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
