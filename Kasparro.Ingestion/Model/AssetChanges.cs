namespace Kasparro.Ingestion.Model;

/// <summary>What one transaction did to <c>assets</c>.</summary>
internal sealed class AssetChanges
{
    private readonly HashSet<Guid> _assetIds = [];

    /// <summary>By how many the active assets grew; negative where they shrank.</summary>
    public int Grown { get; private set; }

    /// <summary>The assets that were added, changed or taken away, in an order that follows from the ids alone.</summary>
    public Guid[] AssetIds => [.. _assetIds.Order()];

    public void Add(int grown, IEnumerable<Guid> assetIds)
    {
        Grown += grown;
        _assetIds.UnionWith(assetIds);
    }
}
