using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Matching;

/// <summary>
/// Listings by blocking key. Of a source that has more than <see cref="BlockingKey.MaxOfSource"/> listings under one key, none stands under
/// it: such a key tells nothing apart, and comparing all with all would take the square of their number.
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

    /// <summary>The keys that too many listings of one source have.</summary>
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

    /// <summary>The listings that stand under the key.</summary>
    public IReadOnlyList<CandidateListing> With(BlockingKey key) => _byKey.GetValueOrDefault(key) ?? [];
}
