namespace Kasparro.Api.Identity;

/// <summary>Two listings, the smaller id first as PostgreSQL orders them, since a client may name them in either order.</summary>
internal readonly record struct ListingPair(Guid ListingId, Guid OtherId)
{
    /// <summary>Creates a pair from two ids in either order.</summary>
    public static ListingPair From(Guid left, Guid right) => left.CompareTo(right) < 0 ? new(left, right) : new(right, left);
}
