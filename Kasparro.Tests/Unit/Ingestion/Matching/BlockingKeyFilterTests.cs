using System.Globalization;
using Kasparro.Ingestion.Loading;
using Kasparro.Ingestion.Model;
using Npgsql;

namespace Kasparro.Tests.Unit.Ingestion.Matching;

public sealed class BlockingKeyFilterTests
{
    private const int Count = 200_000; // Beyond the first two filters.

    [Fact]
    public void No_key_that_a_listing_has_is_denied_and_hardly_any_other_is_affirmed()
    {
        using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1");
        var keys = new BlockingKeyFilter(nowhere);
        for (var i = 0; i < Count; i++)
        {
            keys.Add(Id(i));
            keys.Add(Key(i));
            if (i % 10 == 0)
            {
                keys.Add(Key(i));
            }
        }

        var (missing, single, stray) = (0, 0, 0);
        for (var i = 0; i < Count; i++)
        {
            missing += keys.Has(Id(i)) && (i % 10 > 0 || keys.MayBeShared(Key(i))) ? 0 : 1;
            single += i % 10 > 0 && keys.MayBeShared(Key(i)) ? 1 : 0;
            stray += keys.Has(Id(Count + i)) ? 1 : 0;
        }

        Assert.Equal(0, missing);
        Assert.InRange(single, 0, Count / 100);
        Assert.InRange(stray, 0, Count / 100);
    }

    [Fact]
    public void Kinds_of_keys_are_kept_apart()
    {
        using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1");
        var keys = new BlockingKeyFilter(nowhere);
        var (listingId, contract) = (Guid.NewGuid(), new TokenContract("eth-ethereum", "0x1"));

        keys.Add(new BlockingKey(BlockingKeyKind.Name, "a|b"));
        keys.Add(new BlockingKey(BlockingKeyKind.Slug, "a|b"));
        keys.Add(listingId, contract);
        Assert.False(keys.MayBeShared(new(BlockingKeyKind.Name, "a|b")));
        Assert.False(keys.MayBeShared(BlockingKey.From(contract)));
        Assert.True(keys.HasContracts(listingId));
        Assert.False(keys.HasContracts(Guid.NewGuid()));
        Assert.False(keys.Has(listingId));

        keys.Add(new BlockingKey(BlockingKeyKind.Name, "a|b"));
        keys.Add(Guid.NewGuid(), contract);
        keys.Add(listingId);
        Assert.True(keys.MayBeShared(new(BlockingKeyKind.Name, "a|b")));
        Assert.False(keys.MayBeShared(new(BlockingKeyKind.Slug, "a|b")));
        Assert.True(keys.MayBeShared(BlockingKey.From(contract)));
        Assert.True(keys.Has(listingId));
    }

    private static Guid Id(int number) => new(number, 0, 0, new byte[8]);

    private static BlockingKey Key(int number) => new(BlockingKeyKind.Match, string.Create(CultureInfo.InvariantCulture, $"KEY|{number}"));
}
