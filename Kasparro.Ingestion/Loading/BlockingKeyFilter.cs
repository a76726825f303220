using System.IO.Hashing;
using System.Runtime.InteropServices;
using Kasparro.Ingestion.Matching;
using Kasparro.Ingestion.Model;
using Npgsql;

namespace Kasparro.Ingestion.Loading;

/// <summary>
/// Which listings the catalogue has, which keys they have, by one at least or by two, and about which something was decided. Bloom filters (24 bits a key, 7 probes:
/// one in some thousands is wrong), so a yes may be wrong and a no never is: it saves looking for what is not there, as nearly every key of a catalogue
/// that grows. Whatever is taken out of the catalogue stays in here, which costs a look.
/// </summary>
internal sealed class BlockingKeyFilter(NpgsqlDataSource dataSource)
{
    // Seeds beside those of the keys' kinds.
    private const long Contracts = -1;
    private const long Listing = -2;
    private const long Decisions = -3;

    private readonly Lock _gate = new();
    private ScalableBloomFilter _once = new();
    private ScalableBloomFilter _twice = new();
    private long? _token;

    /// <summary>
    /// Makes it true for a worker that has proven this fencing token. What the last token's holder wrote is known here if that was this worker; after
    /// any other the keys are read anew.
    /// </summary>
    public async Task EnsureAsync(long token, CancellationToken cancellationToken)
    {
        if (_token is { } last && (last == token || last + 1 == token))
        {
            _token = token;
            return;
        }

        // On a connection of its own: the page's looks nothing up but by index.
        _token = null;
        lock (_gate)
        {
            (_once, _twice) = (new(), new());
        }

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("SELECT match_key, slug_key, name_key, listing_id FROM listings"),
                new("SELECT listing_id, platform, address FROM asset_platforms"),
                new("SELECT listing_id FROM identity_decisions UNION ALL SELECT listing_id FROM price_comparisons"),
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            foreach (var kind in ListingTraits.KeyKinds)
            {
                if (!reader.IsDBNull((int)kind))
                {
                    Add(new BlockingKey(kind, reader.GetString((int)kind)));
                }
            }

            Add(reader.GetGuid(3));
        }

        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            Add(reader.GetGuid(0), new(reader.GetString(1), reader.GetString(2)));
        }

        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            AddDecisions(reader.GetGuid(0));
        }

        _token = token;
    }

    /// <summary>The catalogue has this listing from now on.</summary>
    public void Add(Guid listingId)
    {
        lock (_gate)
        {
            _once.Add(HashOf(listingId, Listing));
        }
    }

    /// <summary>A listing has this key from now on.</summary>
    public void Add(BlockingKey key)
    {
        var hash = HashOf(key);
        lock (_gate)
        {
            if (!_once.Add(hash))
            {
                _twice.Add(hash);
            }
        }
    }

    /// <summary>A listing has this contract from now on.</summary>
    public void Add(Guid listingId, TokenContract contract)
    {
        Add(BlockingKey.From(contract));
        lock (_gate)
        {
            _once.Add(HashOf(listingId, Contracts));
        }
    }

    /// <summary>Something is decided, or said by prices, about the listing and another from now on.</summary>
    /// <param name="listingId">The first of the two.</param>
    public void AddDecisions(Guid listingId)
    {
        lock (_gate)
        {
            _once.Add(HashOf(listingId, Decisions));
        }
    }

    /// <summary>Whether the catalogue may have the listing.</summary>
    public bool Has(Guid listingId)
    {
        lock (_gate)
        {
            return _once.MayContain(HashOf(listingId, Listing));
        }
    }

    /// <summary>Whether more than one listing may have the key.</summary>
    public bool MayBeShared(BlockingKey key)
    {
        lock (_gate)
        {
            return _twice.MayContain(HashOf(key));
        }
    }

    /// <summary>Whether the listing may have contracts.</summary>
    public bool HasContracts(Guid listingId)
    {
        lock (_gate)
        {
            return _once.MayContain(HashOf(listingId, Contracts));
        }
    }

    /// <summary>Whether something may have been decided, or said by prices, about the listing as the first of two.</summary>
    public bool HasDecisions(Guid listingId)
    {
        lock (_gate)
        {
            return _once.MayContain(HashOf(listingId, Decisions));
        }
    }

    private static ulong HashOf(BlockingKey key) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(key.Value.AsSpan()), seed: (long)key.Kind);

    private static ulong HashOf(Guid listingId, long seed) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref listingId, 1)), seed);

    /// <summary>
    /// A Bloom filter that grows by filters of twice the size (Almeida et al., 2007), and has all of a key's bits beside one another, where one look into
    /// memory finds them (blocked: Putze et al., 2007). Not safe for concurrent use.
    /// </summary>
    private sealed class ScalableBloomFilter
    {
        private const int BitsAKey = 24;
        private const int Probes = 7;
        private const int FirstCapacity = 1 << 16;
        private const int BlockBits = 9;
        private const int BlockWords = (1 << BlockBits) / 64;

        private readonly List<ulong[]> _filters = [];
        private int _free;

        /// <returns>Whether it was not contained before.</returns>
        public bool Add(ulong hash)
        {
            if (MayContain(hash))
            {
                return false;
            }

            if (_free == 0)
            {
                _free = FirstCapacity << _filters.Count;
                _filters.Add(new ulong[_free * BitsAKey / 64]);
            }

            _free--;
            var block = BlockOf(hash, _filters[^1]);
            for (var probe = 0; probe < Probes; probe++)
            {
                var bit = BitOf(hash, probe);
                block[bit >> 6] |= 1UL << bit;
            }

            return true;
        }

        public bool MayContain(ulong hash)
        {
            foreach (var filter in _filters)
            {
                var block = BlockOf(hash, filter);
                var probe = 0;
                while (probe < Probes && (block[BitOf(hash, probe) >> 6] & (1UL << BitOf(hash, probe))) != 0)
                {
                    probe++;
                }

                if (probe == Probes)
                {
                    return true;
                }
            }

            return false;
        }

        // Each probe has nine bits of the hash for itself; the block comes from all of them, mixed by the golden ratio (Knuth, volume 3, 6.4).
        private static int BitOf(ulong hash, int probe) => (int)(hash >> (probe * BlockBits)) & ((1 << BlockBits) - 1);

        private static Span<ulong> BlockOf(ulong hash, ulong[] filter)
        {
            var blocks = (ulong)filter.Length / BlockWords;
            var block = (int)((((hash * 0x9E37_79B9_7F4A_7C15) >> 32) * blocks) >> 32);
            return filter.AsSpan(block * BlockWords, BlockWords);
        }
    }
}
