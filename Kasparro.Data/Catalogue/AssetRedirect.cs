namespace Kasparro.Data.Catalogue;

/// <summary>An asset that was merged into another because of later evidence; its id permanently leads there.</summary>
public sealed class AssetRedirect
{
    /// <summary>The id that no longer has an asset.</summary>
    public Guid AssetId { get; init; }

    /// <summary>The asset that it was merged into.</summary>
    public Guid MergedInto { get; set; }

    /// <summary>The time at which the merge was committed.</summary>
    public DateTimeOffset MergedAt { get; set; }
}
