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

    /// <summary>The field, as in <c>quotes.USD.price</c>; for a rename, its former path.</summary>
    public required string Path { get; init; }

    /// <summary>One of <see cref="DriftKind"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The expected JSON types, as in <c>number|null</c>; null for an unknown field.</summary>
    public string? Expected { get; init; }

    /// <summary>The JSON type that was found; null for a missing field.</summary>
    public string? Found { get; init; }

    /// <summary>The field's new path, for a likely rename.</summary>
    public string? RenamedTo { get; init; }

    /// <summary>The probability of the rename, 0–1, based on the similarity of the names and the values.</summary>
    public double? Confidence { get; init; }

    /// <summary>The number of the run's records that showed it.</summary>
    public long Occurrences { get; init; }

    /// <summary>The first value that was met, truncated; for a missing field, the record that lacked it.</summary>
    public string? Example { get; init; }

    /// <summary>The configured policy: <c>warn</c>, <c>reject_record</c> or <c>fail_run</c>.</summary>
    public required string Policy { get; init; }

    /// <summary>The time at which the run first met it.</summary>
    public DateTimeOffset DetectedAt { get; init; }
}

/// <summary>The kinds of schema drift.</summary>
public static class DriftKind
{
    /// <summary>An unknown field appeared.</summary>
    public const string Added = "added";

    /// <summary>A field that every record used to have is missing.</summary>
    public const string Missing = "missing";

    /// <summary>A missing and an added field are probably the same.</summary>
    public const string Renamed = "renamed";

    /// <summary>A field has another JSON type.</summary>
    public const string Retyped = "retyped";

    /// <summary>An optional field has values that cannot be used; their records are loaded without them.</summary>
    public const string Unusable = "unusable";
}
