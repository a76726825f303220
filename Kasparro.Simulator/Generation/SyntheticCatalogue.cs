namespace Kasparro.Simulator.Generation;

/// <summary>Both upstreams' catalogues, and the truth about which listings are one asset. A pure function of size and seed.</summary>
/// <param name="CoinPaprika">All ids of CoinPaprika's <c>/coins</c>, in no particular order.</param>
/// <param name="CoinGecko">All coins of CoinGecko, ordered by id.</param>
internal sealed record SyntheticCatalogue(IReadOnlyList<PaprikaListing> CoinPaprika, IReadOnlyList<GeckoListing> CoinGecko)
{
    /// <summary>The minimum number of coins with special cases; a smaller catalogue would consist of nothing else.</summary>
    private const int RoomForTraps = 200;

    /// <summary>The pairs of listings that are one asset, ordered by CoinGecko's ids.</summary>
    public IEnumerable<TruthPair> Truth =>
        from gecko in CoinGecko
        where gecko.Asset.Paprika is not null
        select new TruthPair(gecko.Asset.Paprika!.Id, gecko.Id);

    /// <summary>Generates a catalogue: the well-known head, then the special cases, then ordinary listings up to the size.</summary>
    /// <param name="assets">The number of CoinPaprika's ids; from 1,000 up, all special cases are included.</param>
    /// <param name="seed">The seed; the same seed gives the same catalogue.</param>
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

/// <summary>The number of listings of each kind.</summary>
/// <param name="Paprika">CoinPaprika's ids, active or not.</param>
/// <param name="Active">CoinPaprika's active ids: a fifth of all in a catalogue of real size, up to two fifths in a small one.</param>
/// <param name="Gecko">CoinGecko's coins: 17 % of all ids at real size, 40 % in a small catalogue, so that it has several pages.</param>
/// <param name="Pairs">Coins of CoinGecko that CoinPaprika lists, too.</param>
internal sealed record CatalogueSize(int Paprika, int Active, int Gecko, int Pairs)
{
    public static CatalogueSize For(int assets)
    {
        var active = Math.Max(1, (int)((0.2 * assets) + Math.Min(400, 0.2 * assets)));
        var gecko = Math.Max(1, (int)((0.17 * assets) + Math.Min(460, 0.23 * assets)));
        return new(assets, active, gecko, Math.Max(1, (int)(0.7 * gecko)));
    }
}
