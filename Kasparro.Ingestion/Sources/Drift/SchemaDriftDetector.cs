using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Kasparro.Data.Runs;
using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Sources.Drift;

/// <summary>
/// Compares a stream's records with its schema while they are read. Each instance serves one reading; not safe for concurrent use.
/// </summary>
internal sealed class SchemaDriftDetector(ExpectedSchema schema, SchemaDriftOptions options)
{
    private const int MaxShapes = 4_096;
    private const int MaxAddedPaths = 100;
    private const int MaxPath = 256;
    private const int MaxExample = 200;

    /// <summary>The path of further unknown fields, once a stream has had more of them than any real change brings.</summary>
    private const string OtherPath = "*";

    private readonly Dictionary<ulong, Shape> _shapes = [];
    private readonly HashSet<string> _added = new(StringComparer.Ordinal);

    /// <summary>The findings.</summary>
    public DriftTally Tally { get; } = new(schema.Source, schema.Stream, options);

    /// <summary>Notes how a record differs from the schema, if it does.</summary>
    /// <returns>Why the record must be rejected, by the policy of its fields, or null if it is not.</returns>
    public string? Observe(JsonElement record, ulong shapeHash)
    {
        if (!_shapes.TryGetValue(shapeHash, out var shape))
        {
            shape = Compare(record);
            if (_shapes.Count < MaxShapes)
            {
                _shapes.Add(shapeHash, shape);
            }
        }

        foreach (var finding in shape.Findings)
        {
            Tally.Add(finding);
        }

        return shape.Rejection;
    }

    private Shape Compare(JsonElement record)
    {
        var findings = new List<DriftFinding>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var entered = new HashSet<string>(StringComparer.Ordinal) { "" };
        CompareObject(record, "", findings, seen, entered);
        foreach (var field in schema.Fields)
        {
            // A field is missing only if its parent object is present: a missing object is one finding, a null object is none.
            var parent = field.Path.Contains('.') ? field.Path[..field.Path.LastIndexOf('.')] : "";
            if (field.IsRequired && !seen.Contains(field.Path) && entered.Contains(parent))
            {
                var expected = ExpectedSchema.Describe(field.Kinds);
                Note(findings, new(field.Path, DriftKind.Missing, expected, null, Example(record), DriftPolicy.Warn, 1));
            }
        }

        return findings.Count == 0
            ? Shape.Known
            : new(findings, findings.Find(finding => finding.Policy is DriftPolicy.RejectRecord)?.ToString());
    }

    private void CompareObject(
        JsonElement container, string prefix, List<DriftFinding> findings, HashSet<string> seen, HashSet<string> entered)
    {
        foreach (var property in container.EnumerateObject())
        {
            // The raw name, since an escaped one may not be decodable. It is cut as bytes, so that no unpaired surrogate is left.
            var name = JsonMarshal.GetRawUtf8PropertyName(property);
            var path = prefix + Encoding.UTF8.GetString(name.Length <= MaxPath ? name : name[..MaxPath]);
            var kind = ExpectedSchema.GetKind(property.Value);
            if (schema.Find(path) is not { } expected)
            {
                NoteAdded(findings, path, kind, property.Value);
                continue;
            }

            seen.Add(path);
            if (kind is not JsonKinds.None && !expected.Kinds.HasFlag(kind))
            {
                Note(findings, new(
                    path,
                    DriftKind.Retyped,
                    ExpectedSchema.Describe(expected.Kinds),
                    ExpectedSchema.Describe(kind),
                    Example(property.Value),
                    DriftPolicy.Warn,
                    1));
            }
            else if (kind is JsonKinds.Object && schema.IsContainer(path))
            {
                entered.Add(path);
                CompareObject(property.Value, $"{path}.", findings, seen, entered);
            }
        }
    }

    private void NoteAdded(List<DriftFinding> findings, string path, JsonKinds kind, JsonElement value)
    {
        if (!_added.Contains(path) && (_added.Count == MaxAddedPaths || !_added.Add(path)))
        {
            path = OtherPath;
        }

        if (path != OtherPath || !findings.Exists(finding => finding.Path == OtherPath))
        {
            Note(findings, new(path, DriftKind.Added, null, ExpectedSchema.Describe(kind), Example(value), DriftPolicy.Warn, 1));
        }
    }

    private void Note(List<DriftFinding> findings, DriftFinding finding)
    {
        var policy = Tally.GetPolicy(finding.Path);
        if (policy is not DriftPolicy.Ignore)
        {
            findings.Add(finding with { Policy = policy });
        }
    }

    private static string Example(JsonElement value)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        return raw.Length <= MaxExample ? Encoding.UTF8.GetString(raw) : $"{Encoding.UTF8.GetString(raw[..MaxExample])}…";
    }

    /// <summary>The differences of a shape from the schema.</summary>
    private sealed record Shape(List<DriftFinding> Findings, string? Rejection)
    {
        public static Shape Known { get; } = new([], null);
    }
}
