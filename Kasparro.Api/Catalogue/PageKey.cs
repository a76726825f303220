using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Kasparro.Api.Catalogue;

/// <summary>What a page responds to: a request to <c>/data</c>, or a request to a vendor's route as it was sent.</summary>
/// <param name="Data">The request to <c>/data</c>.</param>
/// <param name="Target">The vendor's route with its query string, and in whose values; null for <c>/data</c>.</param>
/// <param name="Origin">By which name the vendor's route was reached; null for <c>/data</c>.</param>
internal readonly record struct PageKey(DataQuery Data, string? Target = null, string? Origin = null)
{
    private const int FiltersOverhead = 1_000;

    private static readonly long Seed = Random.Shared.NextInt64();

    public static implicit operator PageKey(DataQuery query) => new(query);

    /// <summary>What the key takes in memory, about.</summary>
    public int Bytes =>
        (((Target?.Length ?? 0) + (Origin?.Length ?? 0) + Data.Symbol.Length) * sizeof(char))
        + (Data.Filters is null ? 0 : FiltersOverhead);

    /// <summary>
    /// The target of a vendor's route is long, and the string's own hash took a fiftieth of a hot request. Seeded, so that targets that
    /// collide in one process do not in the next; how many are kept is bounded by their bytes.
    /// </summary>
    public override int GetHashCode() => HashCode.Combine(
        Data, Origin, Target is null ? 0 : (int)XxHash3.HashToUInt64(MemoryMarshal.AsBytes(Target.AsSpan()), Seed));

    /// <summary>The key of a vendor's route.</summary>
    public static PageKey ForTarget(string origin, string target) =>
        new(new(1, DataQuery.DefaultPageSize, Source: null, Symbol: ""), target, origin);

    /// <summary>As it stands in Redis keys. The number in front is the format's: a page with other fields must have another key.</summary>
    public override string ToString() => Target is null ? Data.ToString() : $"vendor/2/{Origin}{Target}";
}
