namespace Kasparro.Ingestion.Model;

/// <summary>A listing outside the page whose asset changes.</summary>
internal readonly record struct Reassignment(Guid ListingId, Guid FormerAssetId, Guid AssetId);
