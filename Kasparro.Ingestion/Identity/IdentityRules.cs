using Kasparro.Data;

namespace Kasparro.Ingestion.Identity;

/// <summary>What identity is decided from: one listing.</summary>
/// <param name="ListingId">The listing.</param>
/// <param name="Source">Its source.</param>
/// <param name="ExternalId">Its source's id.</param>
/// <param name="CreatedAt">When it was first seen: the older asset keeps its id when two become one.</param>
internal readonly record struct Candidate(Guid ListingId, string Source, string ExternalId, DateTimeOffset CreatedAt);

/// <summary>
/// Decides which listings with one <see cref="MatchKey"/> are one asset. A pure function of the set: neither the order in which sources
/// and pages arrive nor a repeated run changes the partition.
/// </summary>
internal static class IdentityRules
{
    /// <summary>
    /// The founder of each listing's asset; the founder's listing id is the asset's id. One listing a source: they are one asset, founded by
    /// the oldest. Two of one source share symbol and name: the key is ambiguous, and nobody is merged.
    /// </summary>
    public static IEnumerable<(Guid ListingId, Guid AssetId)> Decide(IReadOnlyCollection<Candidate> sameKey)
    {
        var unambiguous = sameKey.Select(candidate => candidate.Source).Distinct(StringComparer.Ordinal).Count() == sameKey.Count;
        if (!unambiguous || sameKey.Count < 2)
        {
            return sameKey.Select(candidate => (candidate.ListingId, candidate.ListingId));
        }

        var founder = sameKey
            .OrderBy(candidate => candidate.CreatedAt)
            .ThenBy(candidate => Preference(candidate.Source))
            .ThenBy(candidate => candidate.ExternalId, StringComparer.Ordinal)
            .First().ListingId;
        return sameKey.Select(candidate => (candidate.ListingId, founder));
    }

    private static int Preference(string source)
    {
        for (var i = 0; i < SourceNames.All.Count; i++)
        {
            if (SourceNames.All[i] == source)
            {
                return i;
            }
        }

        return SourceNames.All.Count;
    }
}
