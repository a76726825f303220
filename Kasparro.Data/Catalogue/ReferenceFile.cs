namespace Kasparro.Data.Catalogue;

/// <summary>A file of an operator's folder, as last read: a crosswalk to another vocabulary, or decimals of tokens.</summary>
public sealed class ReferenceFile
{
    /// <summary>The file's name within its folder.</summary>
    public required string FileName { get; init; }

    /// <summary>One of <see cref="ReferenceFileKind"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The vocabulary of a crosswalk, in lower case.</summary>
    public string? Vocabulary { get; init; }

    /// <summary>The XxHash128 of the content: an unchanged file is not read again.</summary>
    public Guid ContentHash { get; init; }

    /// <summary>The number of rows that are loaded.</summary>
    public int RowCount { get; init; }

    /// <summary>The number of rows that could not be loaded, including those whose id is not in the catalogue.</summary>
    public int RejectedCount { get; init; }

    /// <summary>The number of rows whose id is not in the catalogue, which are tried again after each ingestion.</summary>
    public int UnknownCount { get; init; }

    /// <summary>The time at which it was loaded.</summary>
    public DateTimeOffset LoadedAt { get; init; }
}

/// <summary>The kinds of operators' files.</summary>
public static class ReferenceFileKind
{
    /// <summary>Pairs of ids: one in our vocabularies, one in another.</summary>
    public const string Crosswalk = "crosswalk";

    /// <summary>Decimals of tokens.</summary>
    public const string Decimals = "decimals";
}
