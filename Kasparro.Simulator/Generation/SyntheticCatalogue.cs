namespace Kasparro.Simulator.Generation;

/// <summary>Both upstreams' catalogues, and what is truly one asset. A pure function of size and seed.</summary>
/// <param name="CoinPaprika">Every id of CoinPaprika's <c>/coins</c>, in no useful order.</param>
/// <param name="CoinGecko">Every coin of CoinGecko, in the order of their ids.</param>
internal sealed record SyntheticCatalogue(IReadOnlyList<PaprikaListing> CoinPaprika, IReadOnlyList<GeckoListing> CoinGecko)
{
    /// <summary>Below that many coins the special cases would be all there is.</summary>
    private const int RoomForTraps = 200;

    /// <summary>Every pair of listings that is one asset, in the order of CoinGecko's ids.</summary>
    public IEnumerable<TruthPair> Truth =>
        from gecko in CoinGecko
        where gecko.Asset.Paprika is not null
        select new TruthPair(gecko.Asset.Paprika!.Id, gecko.Id);

    /// <summary>
    /// Puts a catalogue together: the well-known head, then the special cases, then ordinary listings up to the size.
    /// </summary>
    /// <param name="assets">How many ids CoinPaprika has; every trap is there from 1,000 up.</param>
    /// <param name="seed">The same seed gives the same catalogue.</param>
    public static SyntheticCatalogue Generate(int assets, ulong seed)
    {
        var draft = new CatalogueDraft(CatalogueSize.For(assets), seed);
        WellKnownAssets.AddTo(draft);
        if (draft.Size.Gecko >= RoomForTraps)
        {
            EdgeCases.AddTo(draft);
            DerivedForms.AddTo(draft);
            NearDuplicates.AddTo(draft);
        }

        OrdinaryListings.AddTo(draft);
        return new(draft.Paprika, [.. draft.Gecko.OrderBy(g => g.Id, StringComparer.Ordinal)]);
    }
}

/// <summary>How many listings of each kind there are.</summary>
/// <param name="Paprika">CoinPaprika's ids, active or not.</param>
/// <param name="Active">CoinPaprika's active ids: a fifth of all in a catalogue of real size, up to two fifths in a small one.</param>
/// <param name="Gecko">CoinGecko's coins: 17 % of all ids at real size, 40 % in a small one, so that it has pages.</param>
/// <param name="Pairs">Coins of CoinGecko that CoinPaprika lists too.</param>
internal sealed record CatalogueSize(int Paprika, int Active, int Gecko, int Pairs)
{
    public static CatalogueSize For(int assets)
    {
        var active = Math.Max(1, (int)((0.2 * assets) + Math.Min(400, 0.2 * assets)));
        var gecko = Math.Max(1, (int)((0.17 * assets) + Math.Min(460, 0.23 * assets)));
        return new(assets, active, gecko, Math.Max(1, (int)(0.7 * gecko)));
    }
}
