using Kasparro.Data.Catalogue;
using Kasparro.Ingestion.Postgres;

namespace Kasparro.Tests.Integration.Ingestion;

public sealed class ListingStoreTests(BackingServices services)
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Every_column_comes_back_as_it_was_written()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        await using var ingestion = await IngestionHarness.CreateAsync(services, upstream.Url, Cancellation);
        await using var connection = await ingestion.Database.OpenConnectionAsync(Cancellation);
        var listing = Filled(seed: 1);
        await ListingStore.InsertAsync(connection, [listing], Cancellation);
        Assert.Equivalent(
            listing, Assert.Single(await ListingStore.ReadAsync(connection, [listing.ListingId], Cancellation)), strict: true);

        var changed = Filled(seed: 2);
        var updated = Copy(changed, from: listing);
        await ListingStore.UpdateAsync(connection, [updated], Cancellation);
        Assert.Equivalent(
            updated, Assert.Single(await ListingStore.ReadAsync(connection, [listing.ListingId], Cancellation)), strict: true);
    }

    /// <summary>Creates a listing with a distinct value in every property.</summary>
    private static Listing Filled(int seed)
    {
        var listing =
            new Listing
            {
                ListingId = new Guid(seed, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
                Source = $"source {seed}",
                ExternalId = $"id {seed}",
                Symbol = "",
                SymbolKey = "",
                Name = "",
                CreatedAt = Start
            };
        var number = seed * 100;
        foreach (var property in typeof(Listing).GetProperties())
        {
            number++;
            property.SetValue(listing, property.GetValue(listing) switch
            {
                _ when property.Name is nameof(Listing.ListingId) or nameof(Listing.Source) or nameof(Listing.ExternalId)
                    or nameof(Listing.CreatedAt) =>
                    property.GetValue(listing),
                _ when property.PropertyType == typeof(string) => $"text {number}",
                _ when Is<Guid>(property.PropertyType) => Id(number),
                _ when Is<double>(property.PropertyType) => number + 0.5,
                _ when Is<int>(property.PropertyType) => number,
                _ when Is<short>(property.PropertyType) => (short)number,
                _ when Is<bool>(property.PropertyType) => seed == 1,
                _ when Is<DateTimeOffset>(property.PropertyType) => Start.AddDays(number),
                _ => throw new NotSupportedException($"{property.Name} is {property.PropertyType}"),
            });
        }

        return listing;

        static bool Is<T>(Type type) => (Nullable.GetUnderlyingType(type) ?? type) == typeof(T);

        static Guid Id(int number) => new(number, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
    }

    /// <summary>Creates a listing with everything that may change from one listing, and the identity and origin of the other.</summary>
    private static Listing Copy(Listing values, Listing from)
    {
        var copy = new Listing
        {
            ListingId = from.ListingId,
            Source = from.Source,
            ExternalId = from.ExternalId,
            Symbol = "",
            SymbolKey = "",
            Name = "",
            CreatedAt = from.CreatedAt
        };
        foreach (var property in typeof(Listing).GetProperties())
        {
            if (property.Name is not (nameof(Listing.ListingId) or nameof(Listing.Source) or nameof(Listing.ExternalId)
                or nameof(Listing.CreatedAt)))
            {
                property.SetValue(copy, property.GetValue(values));
            }
        }

        return copy;
    }
}
