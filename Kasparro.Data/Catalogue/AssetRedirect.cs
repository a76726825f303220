namespace Kasparro.Data.Catalogue;

/// <summary>An asset that later evidence merged into another: its id always leads there.</summary>
public sealed class AssetRedirect
{
    /// <summary>The id that no longer has an asset.</summary>
    public Guid AssetId { get; init; }

    /// <summary>The asset that it became part of.</summary>
    public Guid MergedInto { get; set; }

    /// <summary>When the merge was committed.</summary>
    public DateTimeOffset MergedAt { get; set; }
}
