namespace Kasparro.Data.Catalogue;

/// <summary>
/// An asset's id in a vocabulary that an operator's file adds. It is stored for a listing, as a listing always has an asset.
/// </summary>
public sealed class ExternalId
{
    /// <summary>The vocabulary, in lower case.</summary>
    public required string Vocabulary { get; init; }

    /// <summary>The id in the vocabulary.</summary>
    public required string Value { get; init; }

    /// <summary>The listing that the row's other id names.</summary>
    public Guid ListingId { get; init; }

    /// <summary>The file's name within its folder.</summary>
    public required string FileName { get; init; }

    /// <summary>The row's line, from 1.</summary>
    public long Line { get; init; }
}
