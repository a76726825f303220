namespace Kasparro.Ingestion.Matching;

/// <summary>Match rules and vetoes for two listings, regardless of all others.</summary>
internal static class MatchRules
{
    /// <summary>The minimum length of a name; shorter ones occur in too many others.</summary>
    private const int MinPrefix = 4;

    /// <summary>Words that one source appends to a name and the other omits. Any other word may denote another asset.</summary>
    private static readonly HashSet<string> Descriptions = new(StringComparer.Ordinal)
    {
        "inu", "io", "ai", "com", "fi", "app", "org", "dao", "defi", "game", "games", "gaming", "guild", "labs", "official", "platform",
        "blockchain", "exchange", "metaverse", "ecosystem",
    };

    /// <summary>Returns the strongest name rule by which the two are one asset, or null if there is none.</summary>
    public static string? FindRule(CandidateListing left, CandidateListing right)
    {
        var (a, b) = (left.Traits, right.Traits);
        var sameName = a.Fold.Length > 0 && a.Fold == b.Fold;
        var sameSlug = a.Slug.Length > 0 && a.Slug == b.Slug;
        if (a.Symbol.Length == 0 || a.Symbol != b.Symbol)
        {
            return sameName && sameSlug && a.Fold.Length >= MinPrefix ? MatchRule.NameSlug : null;
        }

        var sameStem = a.Stem.Length > 0 && a.Stem == b.Stem && a.Form == b.Form;
        return (sameName, sameSlug, sameStem) switch
        {
            (true, true, _) => MatchRule.SymbolNameSlug,
            (true, _, _) => MatchRule.SymbolName,
            (_, true, true) => MatchRule.SymbolSlugStem,
            (_, _, true) when a.Suffix.Length == 0 || b.Suffix.Length == 0 || a.Suffix == b.Suffix => MatchRule.SymbolStem,
            (_, true, _) => MatchRule.SymbolSlug,
            _ when MeanOneSlug(a, b) => MatchRule.SymbolSlugAlike,
            _ => GoesOn(a, b) || GoesOn(b, a) ? MatchRule.SymbolPrefix : null,
        };
    }

    /// <summary>Returns why the rule must not unite the two, regardless of other listings, or null if it may.</summary>
    public static string? FindVeto(string rule, CandidateListing left, CandidateListing right)
    {
        var isStrong = MatchRule.SurvivesMovedContract(rule);
        if (!isStrong && Contradict(left, right))
        {
            return RefusalReason.OtherContract;
        }

        if (!isStrong && left.Traits.Form != right.Traits.Form)
        {
            return RefusalReason.OtherForm;
        }

        if (rule is MatchRule.NameSlug && left.Traits.IsSlugNumbered != right.Traits.IsSlugNumbered)
        {
            return RefusalReason.SameName; // The number shows that another asset has the name and the slug.
        }

        if (rule is MatchRule.NameSlug && IsForm(left.Traits.Symbol, right.Traits.Symbol))
        {
            return RefusalReason.OtherForm;
        }

        var bothActive = left.IsActive && right.IsActive;
        return bothActive || isStrong || (rule is MatchRule.SymbolSlug && AreRelated(left, right)) ? null : RefusalReason.Inactive;
    }

    /// <summary>Whether both have contracts on the same platform, and none in common.</summary>
    public static bool Contradict(CandidateListing left, CandidateListing right) =>
        left.Contracts.Count > 0
        && right.Contracts.Count > 0
        && !left.Contracts.Overlaps(right.Contracts)
        && left.Contracts.Any(contract => right.Contracts.Any(other => other.Platform == contract.Platform));

    /// <summary>Whether one name begins with all words of the other.</summary>
    public static bool AreRelated(CandidateListing left, CandidateListing right)
    {
        var (a, b) = (left.Traits.Words, right.Traits.Words);
        var common = Math.Min(a.Count, b.Count);
        return common > 0 && a.Take(common).SequenceEqual(b.Take(common), StringComparer.Ordinal);
    }

    /// <summary>
    /// Whether two slugs are alike, such as paxos-standard-token and paxos-standard, or luna-terra and terra-luna. A slug that only repeats
    /// the symbol proves nothing more, and neither do two slugs with different suffixes.
    /// </summary>
    private static bool MeanOneSlug(ListingTraits a, ListingTraits b) =>
        (a.IdWords.Contains(' ', StringComparison.Ordinal) && a.IdWords == b.IdWords)
        || (a.SlugStem.Length >= MinPrefix
            && a.SlugStem == b.SlugStem
            && (a.Slug == a.SlugStem || b.Slug == b.SlugStem)
            && !string.Equals(a.SlugStem, a.Symbol, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// Whether the longer name is the shorter one, which has no suffix, followed by words that describe it or repeat its symbol.
    /// </summary>
    private static bool GoesOn(ListingTraits shorter, ListingTraits longer) =>
        shorter.IsBare
        && shorter.Stem.Length >= MinPrefix
        && shorter.Words.Count < longer.Words.Count
        && shorter.Words.SequenceEqual(longer.Words.Take(shorter.Words.Count), StringComparer.Ordinal)
        && longer.Words.Skip(shorter.Words.Count).All(word =>
            Descriptions.Contains(word) || string.Equals(word, longer.Symbol, StringComparison.OrdinalIgnoreCase));

    /// <summary>Letters before a symbol denote a form: xGRO is staked GRO, eMAID is MAID on Ethereum, wSOL is wrapped SOL.</summary>
    private static bool IsForm(string symbol, string other) =>
        symbol.EndsWith(other, StringComparison.Ordinal) || other.EndsWith(symbol, StringComparison.Ordinal);
}
