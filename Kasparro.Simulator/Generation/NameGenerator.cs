using System.Globalization;
using System.Text;

namespace Kasparro.Simulator.Generation;

/// <summary>
/// Generates names and symbols. No two of its names fold to the same text: similar assets are only created deliberately, elsewhere.
/// </summary>
internal sealed class NameGenerator(SeededRandom random)
{
    /// <summary>Words that one upstream adds to an asset's name and another omits, so that match rules fold them away.</summary>
    public static readonly IReadOnlyList<string> Suffixes = ["Token", "Coin", "Protocol", "Network", "Finance"];

    private static readonly string[] Openings =
    [
        "al", "bor", "ca", "dra", "el", "fen", "gal", "hy", "il", "jor", "ka", "lu", "mo", "nex", "or", "pra", "qua", "ri", "sol", "tal",
        "ul", "ver", "wy", "xan", "yo", "zen", "bri", "cor", "dy", "eth", "fi", "gro", "hal", "iri", "ker", "lyn", "mar", "nov", "ome",
        "pix",
    ];

    private static readonly string[] Middles =
    [
        "ba", "co", "da", "fi", "go", "ka", "li", "mo", "na", "pe", "ra", "si", "ta", "vo", "xi", "zu", "bel", "din", "lar", "mir", "nor",
        "per", "rin", "sta", "tor", "ven", "lo", "mi", "no", "ro",
    ];

    private static readonly string[] Closings =
        ["x", "n", "ra", "do", "lio", "m", "s", "tis", "va", "on", "ix", "a", "o", "um", "ent", "ys"];

    private static readonly string[] Nouns =
    [
        "Inu", "Swap", "Doge", "Moon", "Pay", "Verse", "Play", "Chain", "Cash", "Gold", "Dao", "Farm", "Cat", "Rocket", "World", "Labs",
        "Bit", "Yield", "Games", "Share", "Link", "Bank", "Pepe", "Land", "Fund", "Index", "Dollar", "Club", "Art", "Music", "Energy",
        "Health", "Mining", "Racing", "Kingdom", "Heroes", "Legends", "Arena", "Quest", "Wallet", "Exchange", "Ventures", "Capital",
        "Vault", "Bridge", "Oracle", "Stream", "Storage", "Compute", "Agent", "Signal", "Garden", "Harbor", "Forge", "Studio", "Social",
        "Travel", "Estate", "Credit", "Trade", "Market", "Metrics", "Guild", "Shield", "Mint", "Spark", "Wave", "Star", "Planet", "Fire",
    ];

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _symbols = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Generates a new name and a new symbol.</summary>
    public (string Name, string Symbol) Unique()
    {
        var (name, root) = NewName();
        return (name, UniqueSymbol(root));
    }

    /// <summary>Generates a new name, and the symbol that its root suggests, which may be in use.</summary>
    public (string Name, string Symbol) Any()
    {
        var (name, root) = NewName();
        return (name, Suggest(root));
    }

    /// <summary>Generates a new name that fits a symbol which is already in use.</summary>
    public string NameFor(string symbol)
    {
        var root = symbol.Trim('$').ToLowerInvariant();
        while (true)
        {
            var name = $"{Capitalize(root + random.Pick(Closings))} {random.Pick(Nouns)}";
            if (TryTake(name))
            {
                return name;
            }

            root += random.Pick(Middles);
        }
    }

    /// <summary>Reserves a name from elsewhere, so that it is not generated; false if it is already in use.</summary>
    public bool TryTake(string name) => _names.Add(Fold(name));

    public void TakeSymbol(string symbol) => _symbols.Add(symbol);

    /// <summary>Reduces a name to lower-case letters and digits, without the words that upstreams disagree about.</summary>
    public static string Fold(string name)
    {
        foreach (var suffix in Suffixes)
        {
            if (name.EndsWith($" {suffix}", StringComparison.OrdinalIgnoreCase))
            {
                return Fold(name[..^(suffix.Length + 1)]);
            }
        }

        return string.Concat(name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant));
    }

    /// <summary>Converts a name to the form that both upstreams use in ids; empty if it has no Latin letters or digits.</summary>
    public static string Slug(string name)
    {
        var slug = new StringBuilder(name.Length);
        foreach (var c in name)
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                slug.Append(char.ToLowerInvariant(c));
            }
            else if (slug.Length > 0 && slug[^1] != '-' && c is ' ' or '-' or '.' or '_' or '(' or ')')
            {
                slug.Append('-');
            }
        }

        return slug.ToString().Trim('-');
    }

    private (string Name, string Root) NewName()
    {
        while (true)
        {
            var root = random.Pick(Openings) + random.Pick(Middles)
                + (random.Chance(0.6) ? random.Pick(Closings) : random.Pick(Middles) + random.Pick(Closings));
            var name = random.Unit() switch
            {
                < 0.15 => Capitalize(root),
                < 0.25 => Capitalize(root) + random.Pick(Nouns),
                < 0.30 => $"{Capitalize(random.Pick(Openings) + random.Pick(Closings))} {Capitalize(root)} {random.Pick(Nouns)}",
                _ => $"{Capitalize(root)} {random.Pick(Nouns)}",
            };
            if (TryTake(name))
            {
                return (name, root);
            }
        }
    }

    private string UniqueSymbol(string root)
    {
        var symbol = Suggest(root);
        for (var attempt = 0; !_symbols.Add(symbol); attempt++)
        {
            var tail = attempt < 3 ? random.Pick(Middles).ToUpperInvariant() : random.Next(1_000).ToString(CultureInfo.InvariantCulture);
            symbol = Suggest(root) + tail;
        }

        return symbol;
    }

    private string Suggest(string root)
    {
        var symbol = root[..Math.Min(root.Length, 3 + random.Next(3))].ToUpperInvariant();
        return random.Chance(0.02) ? $"${symbol}" : symbol;
    }

    private static string Capitalize(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}
