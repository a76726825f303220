namespace Kasparro.Simulator.Generation;

/// <summary>Fills the catalogue up to its size with listings that are not special cases.</summary>
internal static class OrdinaryListings
{
    /// <summary>The share of CoinGecko's coins whose symbol is not unique.</summary>
    private const double SharedSymbols = 0.364;

    /// <summary>The numbers of coins that share a symbol, if any do; mostly two.</summary>
    private static readonly int[] ClusterSizes = [2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 4, 4, 5, 6, 8];

    public static void AddTo(CatalogueDraft draft)
    {
        var names = GeckoNames(draft);
        foreach (var (name, symbol) in names)
        {
            var isInactive = draft.Random.Chance(0.05);
            var fits = isInactive ? draft.Paprika.Count < draft.Size.Paprika : draft.HasRoom(gecko: 1, active: 1);
            if (draft.Pairs < draft.Size.Pairs && fits)
            {
                AddPair(draft, name, symbol, !isInactive);
            }
            else
            {
                AddGeckoOnly(draft, name, symbol);
            }
        }

        while (draft.HasRoom(gecko: 0, active: 1))
        {
            AddPaprikaOnly(draft);
        }

        // Inactive ids reuse a former name, but only that of coins whose contract shows which of the two is meant.
        var models = draft.Gecko
            .Where(g => g.Asset.Paprika is { IsActive: true, Contracts.Length: > 0 } && g.Contracts.Any(c => c.Address.Length > 0))
            .ToArray();
        while (draft.Paprika.Count < draft.Size.Paprika)
        {
            AddInactive(draft, models);
        }
    }

    /// <summary>Generates the names of all remaining coins of CoinGecko, with symbols shared as often as in reality.</summary>
    private static List<(string Name, string Symbol)> GeckoNames(CatalogueDraft draft)
    {
        var count = draft.Size.Gecko - draft.Gecko.Count;
        var sharers = Math.Min(count, (int)(SharedSymbols * draft.Size.Gecko) - draft.SymbolSharers);
        var names = new List<(string Name, string Symbol)>(count);
        while (sharers - names.Count >= 2)
        {
            var (name, symbol) = draft.Names.Unique();
            var size = Math.Min(draft.Random.Pick(ClusterSizes), sharers - names.Count);
            names.Add((name, symbol));
            for (var i = 1; i < size; i++)
            {
                names.Add((draft.Names.NameFor(symbol), symbol));
            }
        }

        while (names.Count < count)
        {
            names.Add(draft.Names.Unique());
        }

        draft.Random.Shuffle(names);
        return names;
    }

    private static void AddPair(CatalogueDraft draft, string name, string symbol, bool isActive)
    {
        var random = draft.Random;
        var asset = draft.NewAsset();
        PlatformContract[] contracts = random.Chance(0.12) ? [] : draft.Addresses.Deploy();

        // CoinPaprika knows fewer of a token's contracts: its home in most cases, and half of the others.
        var known = random.Chance(0.08) ? [] : contracts.Where((_, i) => i == 0 || random.Chance(0.5)).ToArray();
        var hasEvidence = known.Any(c => c.Platform.PaprikaId is not null);
        var (paprikaName, paprikaSymbol, geckoId) = hasEvidence ? Disguise(draft, name, symbol) : Vary(draft, name, symbol);

        draft.AddPaprika(asset, paprikaSymbol, paprikaName, known, isActive);
        draft.AddGecko(asset, symbol, name, [.. contracts.Select(c => MixCase(draft, c))], geckoId);
    }

    /// <summary>Writes some EVM addresses in the case of their checksum.</summary>
    private static PlatformContract MixCase(CatalogueDraft draft, PlatformContract contract) =>
        contract.Platform.Format == AddressFormat.Evm && draft.Random.Chance(0.03)
            ? contract with { Address = AddressRule.ToChecksum(contract.Address) }
            : contract;

    /// <summary>
    /// Varies the name and symbol of a token that its contract identifies, as far as the upstreams disagree about such tokens.
    /// </summary>
    private static (string Name, string Symbol, string? GeckoId) Disguise(CatalogueDraft draft, string name, string symbol) =>
        draft.Random.Unit() switch
        {
            < 0.08 => (draft.Names.Unique().Name, symbol, null),
            < 0.15 => (name, draft.Names.Unique().Symbol, null),
            < 0.30 => ($"{name} {draft.Random.Pick(NameGenerator.Suffixes)}", symbol, null),
            < 0.38 => (Restyle(draft, name), symbol, null),
            < 0.48 => (name, symbol, $"{NameGenerator.Slug(name)}-{draft.Random.Pick(NameGenerator.Suffixes).ToLowerInvariant()}"),
            _ => (name, symbol, null),
        };

    /// <summary>Varies a coin that only its name identifies; the upstreams hardly disagree about such coins.</summary>
    private static (string Name, string Symbol, string? GeckoId) Vary(CatalogueDraft draft, string name, string symbol) =>
        draft.Random.Unit() switch
        {
            < 0.004 => (draft.Names.Unique().Name, draft.Names.Unique().Symbol, null),
            < 0.015 => (name, draft.Names.Unique().Symbol, null),
            < 0.06 => ($"{name} {draft.Random.Pick(NameGenerator.Suffixes)}", symbol, null),
            < 0.18 => (Restyle(draft, name), symbol, null),
            _ => (name, symbol, null),
        };

    /// <summary>Spells the name differently: case, spaces, punctuation.</summary>
    private static string Restyle(CatalogueDraft draft, string name) => draft.Random.Next(4) switch
    {
        0 => name.ToUpperInvariant(),
        1 => name.Replace(" ", "", StringComparison.Ordinal),
        2 => name.Replace(' ', '-'),
        _ => name.Replace(' ', '.'),
    };

    private static void AddGeckoOnly(CatalogueDraft draft, string name, string symbol) =>
        draft.AddGecko(draft.NewAsset(), symbol, name, draft.Random.Chance(0.05) ? [] : draft.Addresses.Deploy());

    private static void AddPaprikaOnly(CatalogueDraft draft)
    {
        var (name, symbol) = draft.Names.Any();
        draft.AddPaprika(draft.NewAsset(), symbol, name, draft.Random.Chance(0.5) ? draft.Addresses.Deploy() : []);
    }

    private static void AddInactive(CatalogueDraft draft, GeckoListing[] models)
    {
        var random = draft.Random;
        if (models.Length > 0 && random.Chance(0.02))
        {
            var model = random.Pick(models);
            var home = model.Contracts.First(c => c.Address.Length > 0).Platform;
            draft.AddPaprika(
                draft.NewAsset(), model.Symbol.ToUpperInvariant(), model.Name, random.Chance(0.3) ? [draft.Addresses.On(home)] : [],
                isActive: false);
            return;
        }

        var (name, symbol) = draft.Names.Any();
        draft.AddPaprika(draft.NewAsset(), symbol, name, random.Chance(0.03) ? draft.Addresses.Deploy() : [], isActive: false);
    }
}
