using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Matching;

/// <summary>
/// Listings by blocking key. If a source has more than <see cref="BlockingKey.MaxOfSource"/> listings under a key, none of them is
/// included: such a key distinguishes nothing, and the number of comparisons would grow with the square of their number.
/// </summary>
internal sealed class BlockingBuckets
{
    private readonly Dictionary<BlockingKey, List<CandidateListing>> _byKey;

    private BlockingBuckets(Dictionary<BlockingKey, List<CandidateListing>> byKey, List<(BlockingKey Key, string Source)> crowded)
    {
        _byKey = byKey;
        Crowded = crowded;
    }

    /// <summary>The listings of each key.</summary>
    public IReadOnlyCollection<List<CandidateListing>> All => _byKey.Values;

    /// <summary>The keys under which one source has too many listings.</summary>
    public IReadOnlyCollection<(BlockingKey Key, string Source)> Crowded { get; }

    public static BlockingBuckets From(IReadOnlyCollection<CandidateListing> listings)
    {
        var byKey = new Dictionary<BlockingKey, List<CandidateListing>>(2 * listings.Count);
        foreach (var listing in listings)
        {
            foreach (var key in listing.Keys())
            {
                if (!byKey.TryGetValue(key, out var bucket))
                {
                    byKey.Add(key, bucket = []);
                }

                bucket.Add(listing);
            }
        }

        var crowded = new List<(BlockingKey Key, string Source)>();
        foreach (var (key, bucket) in byKey.Where(entry => entry.Value.Count > BlockingKey.MaxOfSource))
        {
            crowded.AddRange(bucket.CountBy(listing => listing.Source, StringComparer.Ordinal)
                .Where(count => count.Value > BlockingKey.MaxOfSource).Select(count => (key, count.Key)));
        }

        foreach (var (key, source) in crowded)
        {
            byKey[key].RemoveAll(listing => listing.Source == source);
        }

        return new(byKey, crowded);
    }

    /// <summary>Returns the listings under a key.</summary>
    public IReadOnlyList<CandidateListing> With(BlockingKey key) => _byKey.GetValueOrDefault(key) ?? [];
}
