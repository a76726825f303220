using System.Text.Json;

namespace Kasparro.Ingestion.Sources.Drift;

/// <summary>A set of JSON types. Null is not included: any field may be null.</summary>
[Flags]
internal enum JsonKinds
{
    None = 0,
    Text = 1,
    Number = 2,
    Flag = 4,
    Object = 8,
    Array = 16,
}

/// <summary>A field that a stream is known to send.</summary>
/// <param name="Path">Its path, such as <c>quotes.USD.price</c>.</param>
/// <param name="Kinds">Its possible JSON types.</param>
/// <param name="IsRequired">Whether every record has the field, possibly null.</param>
internal sealed record ExpectedField(string Path, JsonKinds Kinds, bool IsRequired);

/// <summary>The known schema of a stream's records.</summary>
internal sealed class ExpectedSchema
{
    private readonly Dictionary<string, ExpectedField> _fields;
    private readonly HashSet<string> _containers;

    public ExpectedSchema(string source, string stream, params IEnumerable<ExpectedField> fields)
    {
        Source = source;
        Stream = stream;
        _fields = fields.ToDictionary(field => field.Path, StringComparer.Ordinal);
        _containers = _fields.Keys.Where(path => path.Contains('.'))
            .Select(path => path[..path.LastIndexOf('.')])
            .ToHashSet(StringComparer.Ordinal);
    }

    public string Source { get; }

    public string Stream { get; }

    public IReadOnlyCollection<ExpectedField> Fields => _fields.Values;

    /// <summary>Required fields of the given types.</summary>
    public static IEnumerable<ExpectedField> Required(JsonKinds kinds, params IEnumerable<string> paths) =>
        paths.Select(path => new ExpectedField(path, kinds, IsRequired: true));

    /// <summary>Fields of the given types that some plans or records lack.</summary>
    public static IEnumerable<ExpectedField> Optional(JsonKinds kinds, params IEnumerable<string> paths) =>
        paths.Select(path => new ExpectedField(path, kinds, IsRequired: false));

    public ExpectedField? Find(string path) => _fields.GetValueOrDefault(path);

    /// <summary>Whether the object at <paramref name="path"/> has known fields; other objects are not examined.</summary>
    public bool IsContainer(string path) => _containers.Contains(path);

    public static JsonKinds GetKind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => JsonKinds.Text,
        JsonValueKind.Number => JsonKinds.Number,
        JsonValueKind.True or JsonValueKind.False => JsonKinds.Flag,
        JsonValueKind.Object => JsonKinds.Object,
        JsonValueKind.Array => JsonKinds.Array,
        _ => JsonKinds.None,
    };

    public static string Describe(JsonKinds kinds) => kinds is JsonKinds.None
        ? "null"
        : string.Join('|', Enum.GetValues<JsonKinds>().Where(kind => kind is not JsonKinds.None && kinds.HasFlag(kind)).Select(Name));

    private static string Name(JsonKinds kind) => kind switch
    {
        JsonKinds.Text => "text",
        JsonKinds.Number => "number",
        JsonKinds.Flag => "flag",
        JsonKinds.Object => "object",
        _ => "array",
    };
}
