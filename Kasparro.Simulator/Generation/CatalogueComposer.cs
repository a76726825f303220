namespace Kasparro.Simulator.Generation;

/// <summary>Puts a catalogue together: the well-known head, then the special cases, then ordinary listings up to the size.</summary>
internal sealed class CatalogueComposer(CatalogueSize size, ulong seed)
{
    /// <summary>Below that many coins the special cases would be all there is.</summary>
    private const int RoomForTraps = 200;

    public SyntheticCatalogue Compose()
    {
        var draft = new CatalogueDraft(size, seed);
        WellKnownAssets.AddTo(draft);
        if (size.Gecko >= RoomForTraps)
        {
            EdgeCases.AddTo(draft);
            DerivedForms.AddTo(draft);
            NearDuplicates.AddTo(draft);
        }

        OrdinaryListings.AddTo(draft);
        return new SyntheticCatalogue(draft.Paprika, [.. draft.Gecko.OrderBy(g => g.Id, StringComparer.Ordinal)]);
    }
}
