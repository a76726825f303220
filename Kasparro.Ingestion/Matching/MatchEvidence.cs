namespace Kasparro.Ingestion.Matching;

/// <summary>Describes, for people, what two listings share.</summary>
internal static class MatchEvidence
{
    /// <param name="left">One listing.</param>
    /// <param name="right">The other listing.</param>
    /// <param name="agrees">The verdict of prices, or null if it was not relevant.</param>
    public static IReadOnlyList<string> Between(CandidateListing left, CandidateListing right, bool? agrees)
    {
        var (a, b) = (left.Traits, right.Traits);
        var evidence = new List<string>();
        var shared = left.Contracts.Where(right.Contracts.Contains);
        foreach (var contract in shared.OrderBy(contract => contract.Platform, StringComparer.Ordinal))
        {
            evidence.Add($"contract {contract.Platform}:{contract.Address}");
        }

        Add("symbol", a.Symbol, b.Symbol);
        Add("name", a.Fold, b.Fold);
        Add("stem", a.Stem, b.Stem);
        Add("slug", a.Slug, b.Slug);
        if (agrees is { } verdict)
        {
            evidence.Add(verdict ? "price and size of the market" : "but prices apart by a factor");
        }

        if (MatchRules.Contradict(left, right))
        {
            evidence.Add("but different contracts on one platform");
        }

        return evidence;

        void Add(string what, string value, string other)
        {
            if (value.Length > 0 && value == other)
            {
                evidence.Add($"{what} {value}");
            }
        }
    }
}
