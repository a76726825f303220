namespace Kasparro.Data.Runs;

/// <summary>One way in which the records of one run differ from what their stream is known to send.</summary>
public sealed class SchemaDrift
{
    /// <summary>The run that met it.</summary>
    public Guid RunId { get; init; }

    /// <summary>The source (<see cref="SourceNames"/>).</summary>
    public required string Source { get; init; }

    /// <summary>The stream of the source.</summary>
    public required string Stream { get; init; }

    /// <summary>The field, as in <c>quotes.USD.price</c>; for a rename, its former name.</summary>
    public required string Path { get; init; }

    /// <summary>One of <see cref="DriftKind"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The JSON types that are expected, as in <c>number|null</c>; null for a field that is not known.</summary>
    public string? Expected { get; init; }

    /// <summary>The JSON type that came; null for a field that is missing.</summary>
    public string? Found { get; init; }

    /// <summary>The field's new path, for a likely rename.</summary>
    public string? RenamedTo { get; init; }

    /// <summary>How likely the rename is, 0–1, by the names' and the values' similarity.</summary>
    public double? Confidence { get; init; }

    /// <summary>Records of the run that showed it.</summary>
    public long Occurrences { get; init; }

    /// <summary>The first value met, shortened; for a missing field, the record that lacked it.</summary>
    public string? Example { get; init; }

    /// <summary>What the settings say is to be done: <c>warn</c>, <c>reject_record</c> or <c>fail_run</c>.</summary>
    public required string Policy { get; init; }

    /// <summary>When the run first met it.</summary>
    public DateTimeOffset DetectedAt { get; init; }
}

/// <summary>How a schema can drift.</summary>
public static class DriftKind
{
    /// <summary>A field that is not known.</summary>
    public const string Added = "added";

    /// <summary>A field that every record has had is not there.</summary>
    public const string Missing = "missing";

    /// <summary>A missing and an added field that are likely the same.</summary>
    public const string Renamed = "renamed";

    /// <summary>A field has another JSON type.</summary>
    public const string Retyped = "retyped";

    /// <summary>An optional field has values that cannot be used: their records are loaded without them.</summary>
    public const string Unusable = "unusable";
}
