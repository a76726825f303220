using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Kasparro.Api.Catalogue;

/// <summary>The request that a page responds to: one to <c>/data</c>, or one to a vendor's route as it was sent.</summary>
/// <param name="Data">The request to <c>/data</c>.</param>
/// <param name="Target">
/// The vendor's route with its query string, and whether it shows the vendor's own values; null for <c>/data</c>.
/// </param>
/// <param name="Origin">The scheme, host and port by which the vendor's route was reached; null for <c>/data</c>.</param>
internal readonly record struct PageKey(DataQuery Data, string? Target = null, string? Origin = null)
{
    private const int FiltersOverhead = 1_000;

    private static readonly long Seed = Random.Shared.NextInt64();

    public static implicit operator PageKey(DataQuery query) => new(query);

    /// <summary>The approximate size of the key in memory.</summary>
    public int Bytes =>
        (((Target?.Length ?? 0) + (Origin?.Length ?? 0) + Data.Symbol.Length) * sizeof(char))
        + (Data.Filters is null ? 0 : FiltersOverhead);

    /// <summary>
    /// Hashes the target with XxHash3: targets of vendors' routes are long, and string's own hash took a fiftieth of a hot request. The
    /// seed is random, so that targets that collide in one process do not collide in the next; the number of cached targets is limited by
    /// their size.
    /// </summary>
    public override int GetHashCode() => HashCode.Combine(
        Data, Origin, Target is null ? 0 : (int)XxHash3.HashToUInt64(MemoryMarshal.AsBytes(Target.AsSpan()), Seed));

    /// <summary>Creates the key of a vendor's route.</summary>
    public static PageKey ForTarget(string origin, string target) =>
        new(new(1, DataQuery.DefaultPageSize, Source: null, Symbol: ""), target, origin);

    /// <summary>
    /// The form used in Redis keys. The number in it is the format's version: a page with other fields must have another key.
    /// </summary>
    public override string ToString() => Target is null ? Data.ToString() : $"vendor/2/{Origin}{Target}";
}
