using System.Diagnostics.CodeAnalysis;

namespace Kasparro.Api.Identity;

/// <summary>Two listings, the smaller id first as PostgreSQL orders them: which way round a client names them does not matter.</summary>
internal readonly record struct ListingPair(Guid ListingId, Guid OtherId)
{
    /// <summary>Reads both ids, and says everything that is wrong with them at once.</summary>
    public static bool TryParse(string left, string right, out ListingPair pair, [NotNullWhen(false)] out IReadOnlyDictionary<string, string[]>? errors)
    {
        var wrong = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (!Guid.TryParseExact(left, "D", out var listingId))
        {
            wrong.Add("listing_id", ["must be a UUID"]);
        }

        if (!Guid.TryParseExact(right, "D", out var otherId))
        {
            wrong.Add("other_id", ["must be a UUID"]);
        }
        else if (otherId == listingId)
        {
            wrong.Add("other_id", ["must be another listing"]);
        }

        pair = listingId.CompareTo(otherId) < 0 ? new(listingId, otherId) : new(otherId, listingId);
        errors = wrong.Count == 0 ? null : wrong;
        return errors is null;
    }
}
