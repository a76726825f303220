namespace Kasparro.Simulator.Generation;

/// <summary>The catalogue while it is generated: the listings so far, the ids in use, and how much still fits.</summary>
internal sealed class CatalogueDraft
{
    private readonly ulong _seed;
    private readonly List<PaprikaListing> _paprika;
    private readonly List<GeckoListing> _gecko;
    private readonly HashSet<string> _paprikaIds = new(StringComparer.Ordinal);
    private readonly HashSet<string> _geckoIds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _geckoSymbols = new(StringComparer.OrdinalIgnoreCase);
    private ulong _assets;

    public CatalogueDraft(CatalogueSize size, ulong seed)
    {
        _seed = seed;
        Size = size;
        Random = new SeededRandom(seed);
        Names = new NameGenerator(Random);
        Addresses = new AddressGenerator(Random);
        _paprika = new(size.Paprika);
        _gecko = new(size.Gecko);
    }

    public CatalogueSize Size { get; }

    public SeededRandom Random { get; }

    public NameGenerator Names { get; }

    public AddressGenerator Addresses { get; }

    public IReadOnlyList<PaprikaListing> Paprika => _paprika;

    public IReadOnlyList<GeckoListing> Gecko => _gecko;

    public int Active { get; private set; }

    public int Pairs { get; private set; }

    /// <summary>The number of CoinGecko's coins so far that share their symbol with another.</summary>
    public int SymbolSharers => _geckoSymbols.Values.Where(n => n > 1).Sum();

    /// <summary>Scales a number of coins, out of the real CoinGecko's 17,400, to this catalogue.</summary>
    public int Scaled(int ofReal, int atLeast) => Math.Max(atLeast, (int)((long)ofReal * Size.Gecko / 17_400));

    /// <summary>Whether this many more listings fit.</summary>
    public bool HasRoom(int gecko, int active) =>
        _gecko.Count + gecko <= Size.Gecko && Active + active <= Size.Active && _paprika.Count + active <= Size.Paprika;

    /// <summary>Creates an asset with the given market, or with one of its own.</summary>
    public SyntheticAsset NewAsset(MarketProfile? market = null)
    {
        var key = Noise.Hash(_seed, ++_assets, 0xA55E7);
        return new SyntheticAsset(key, market ?? MarketGenerator.Draw(key));
    }

    /// <summary>Lists the asset at CoinPaprika.</summary>
    public void AddPaprika(
        SyntheticAsset asset, string symbol, string name, PlatformContract[] contracts, bool isActive = true, string? id = null,
        bool isWellFormed = false)
    {
        id = Take(_paprikaIds, id ?? $"{NameGenerator.Slug(symbol)}-{NameGenerator.Slug(name)}");
        PlatformContract[] known = [.. contracts.Where(c => c.Platform.PaprikaId is not null && c.Address.Length > 0)];
        var listing = new PaprikaListing(asset, id, symbol, name, isActive, IsToken: contracts.Length > 0, known)
        {
            Shape = isWellFormed ? PaprikaQuoteShape.Complete : MarketGenerator.DrawPaprikaShape(asset.Key),
        };
        if (asset.Paprika is not null)
        {
            throw new InvalidOperationException($"{listing.Id}: {asset.Paprika.Id} lists that asset already.");
        }

        asset.Paprika = listing;
        _paprika.Add(listing);
        Active += isActive ? 1 : 0;
    }

    /// <summary>
    /// Lists the asset at CoinGecko, with its symbol in lower case; CoinPaprika's listing, if any, must have been added before.
    /// </summary>
    public void AddGecko(
        SyntheticAsset asset, string symbol, string name, PlatformContract[] contracts, string? id = null, GeckoQuoteShape? shape = null)
    {
        _gecko.Add(new(asset, Take(_geckoIds, id ?? NameGenerator.Slug(name)), symbol.ToLowerInvariant(), name, contracts)
        {
            Shape = shape ?? MarketGenerator.DrawGeckoShape(asset.Key),
        });
        _geckoSymbols[symbol] = _geckoSymbols.GetValueOrDefault(symbol) + 1;
        Pairs += asset.Paprika is null ? 0 : 1;
    }

    /// <summary>Reserves an id. Like both upstreams, it appends a number to an id that is taken.</summary>
    private static string Take(HashSet<string> ids, string wanted)
    {
        var id = wanted;
        for (var number = 2; !ids.Add(id); number++)
        {
            id = $"{wanted}-{number}";
        }

        return id;
    }
}
