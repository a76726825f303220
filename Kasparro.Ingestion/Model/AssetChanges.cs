namespace Kasparro.Ingestion.Model;

/// <summary>What one transaction did to <c>assets</c>.</summary>
internal sealed class AssetChanges
{
    private readonly HashSet<Guid> _assetIds = [];

    /// <summary>The net change in the number of active assets.</summary>
    public int Grown { get; private set; }

    /// <summary>The assets that were added, changed or removed, in the order of their ids.</summary>
    public Guid[] AssetIds => [.. _assetIds.Order()];

    public void Add(int grown, IEnumerable<Guid> assetIds)
    {
        Grown += grown;
        _assetIds.UnionWith(assetIds);
    }
}
