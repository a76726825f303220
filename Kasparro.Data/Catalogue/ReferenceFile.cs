namespace Kasparro.Data.Catalogue;

/// <summary>A file of an operator's folder, as it was read last: a crosswalk to another vocabulary, or decimals of tokens.</summary>
public sealed class ReferenceFile
{
    /// <summary>The file's name within its folder.</summary>
    public required string FileName { get; init; }

    /// <summary>One of <see cref="ReferenceFileKind"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The vocabulary of a crosswalk, in lower case.</summary>
    public string? Vocabulary { get; init; }

    /// <summary>XxHash128 of the content: a file that did not change is not read again.</summary>
    public Guid ContentHash { get; init; }

    /// <summary>Rows that are loaded.</summary>
    public int RowCount { get; init; }

    /// <summary>Rows that could not be loaded, those included whose id is not in the catalogue.</summary>
    public int RejectedCount { get; init; }

    /// <summary>Rows whose id is not in the catalogue: they are tried again after each ingestion.</summary>
    public int UnknownCount { get; init; }

    /// <summary>When it was loaded.</summary>
    public DateTimeOffset LoadedAt { get; init; }
}

/// <summary>What an operator's file holds.</summary>
public static class ReferenceFileKind
{
    /// <summary>Ids of our vocabularies and of another one.</summary>
    public const string Crosswalk = "crosswalk";

    /// <summary>Decimals of tokens.</summary>
    public const string Decimals = "decimals";
}
