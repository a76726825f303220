using Kasparro.Data.Catalogue;
using Kasparro.Ingestion.Model;
using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Ingestion.Postgres;

/// <summary>The table <c>listings</c>, read and written in bulk.</summary>
internal static class ListingStore
{
    private const string Columns = """
        listing_id, source, external_id, asset_id, symbol, symbol_key, name, match_key, is_active, rank, price_usd, market_cap_usd,
        volume_24h_usd, circulating_supply, total_supply, max_supply, quoted_at, profile_hash, quote_hash, created_at, updated_at,
        slug_key, name_key
        """;

    /// <summary>All but identity and origin may change.</summary>
    private const string UpdateSql = """
        UPDATE listings AS l
        SET asset_id = n.asset_id, symbol = n.symbol, symbol_key = n.symbol_key, name = n.name, match_key = n.match_key,
            is_active = n.is_active, rank = n.rank, price_usd = n.price_usd, market_cap_usd = n.market_cap_usd,
            volume_24h_usd = n.volume_24h_usd, circulating_supply = n.circulating_supply, total_supply = n.total_supply,
            max_supply = n.max_supply, quoted_at = n.quoted_at, profile_hash = n.profile_hash, quote_hash = n.quote_hash,
            updated_at = n.updated_at, slug_key = n.slug_key, name_key = n.name_key
        FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::boolean[], $8::integer[], $9::float8[],
                    $10::float8[], $11::float8[], $12::float8[], $13::float8[], $14::float8[], $15::timestamptz[], $16::uuid[],
                    $17::uuid[], $18::timestamptz[], $19::text[], $20::text[])
             AS n (listing_id, asset_id, symbol, symbol_key, name, match_key, is_active, rank, price_usd, market_cap_usd,
                   volume_24h_usd, circulating_supply, total_supply, max_supply, quoted_at, profile_hash, quote_hash, updated_at,
                   slug_key, name_key)
        WHERE l.listing_id = n.listing_id
        """;

    public static async Task<List<Listing>> ReadAsync(NpgsqlConnection connection, Guid[] listingIds, CancellationToken cancellationToken)
    {
        var listings = new List<Listing>(listingIds.Length);
        await using var command = new NpgsqlCommand($"SELECT {Columns} FROM listings WHERE listing_id = ANY($1)", connection);
        command.Parameters.Add(new() { Value = listingIds });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            listings.Add(new Listing
            {
                ListingId = reader.GetGuid(0),
                Source = reader.GetString(1),
                ExternalId = reader.GetString(2),
                AssetId = reader.GetGuid(3),
                Symbol = reader.GetString(4),
                SymbolKey = reader.GetString(5),
                Name = reader.GetString(6),
                MatchKey = reader.GetStringOrNull(7),
                IsActive = reader.GetBoolean(8),
                Rank = reader.GetFieldValue<int?>(9),
                PriceUsd = reader.GetFieldValue<double?>(10),
                MarketCapUsd = reader.GetFieldValue<double?>(11),
                Volume24hUsd = reader.GetFieldValue<double?>(12),
                CirculatingSupply = reader.GetFieldValue<double?>(13),
                TotalSupply = reader.GetFieldValue<double?>(14),
                MaxSupply = reader.GetFieldValue<double?>(15),
                QuotedAt = reader.GetFieldValue<DateTimeOffset?>(16),
                ProfileHash = reader.GetFieldValue<Guid?>(17),
                QuoteHash = reader.GetFieldValue<Guid?>(18),
                CreatedAt = reader.GetFieldValue<DateTimeOffset>(19),
                UpdatedAt = reader.GetFieldValue<DateTimeOffset>(20),
                SlugKey = reader.GetStringOrNull(21),
                NameKey = reader.GetStringOrNull(22),
            });
        }

        return listings;
    }

    /// <summary>Changes listings in one statement: a staging table would cost a small page more than its update.</summary>
    public static NpgsqlBatchCommand Update(IReadOnlyCollection<Listing> listings) => new(UpdateSql)
    {
        Parameters =
        {
            Parameters.Column(listings, listing => listing.ListingId, NpgsqlDbType.Uuid),
            Parameters.Column(listings, listing => listing.AssetId, NpgsqlDbType.Uuid),
            Parameters.Column(listings, listing => listing.Symbol, NpgsqlDbType.Text),
            Parameters.Column(listings, listing => listing.SymbolKey, NpgsqlDbType.Text),
            Parameters.Column(listings, listing => listing.Name, NpgsqlDbType.Text),
            Parameters.Column(listings, listing => listing.MatchKey, NpgsqlDbType.Text),
            Parameters.Column(listings, listing => listing.IsActive, NpgsqlDbType.Boolean),
            Parameters.Column(listings, listing => listing.Rank, NpgsqlDbType.Integer),
            Parameters.Column(listings, listing => listing.PriceUsd, NpgsqlDbType.Double),
            Parameters.Column(listings, listing => listing.MarketCapUsd, NpgsqlDbType.Double),
            Parameters.Column(listings, listing => listing.Volume24hUsd, NpgsqlDbType.Double),
            Parameters.Column(listings, listing => listing.CirculatingSupply, NpgsqlDbType.Double),
            Parameters.Column(listings, listing => listing.TotalSupply, NpgsqlDbType.Double),
            Parameters.Column(listings, listing => listing.MaxSupply, NpgsqlDbType.Double),
            Parameters.Column(listings, listing => listing.QuotedAt, NpgsqlDbType.TimestampTz),
            Parameters.Column(listings, listing => listing.ProfileHash, NpgsqlDbType.Uuid),
            Parameters.Column(listings, listing => listing.QuoteHash, NpgsqlDbType.Uuid),
            Parameters.Column(listings, listing => listing.UpdatedAt, NpgsqlDbType.TimestampTz),
            Parameters.Column(listings, listing => listing.SlugKey, NpgsqlDbType.Text),
            Parameters.Column(listings, listing => listing.NameKey, NpgsqlDbType.Text),
        },
    };

    /// <summary>Moves listings to other assets.</summary>
    public static async Task ReassignAsync(
        NpgsqlConnection connection, IReadOnlyList<Reassignment> reassigned, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            UPDATE listings SET asset_id = moved.asset_id
            FROM unnest($1::uuid[], $2::uuid[]) AS moved (listing_id, asset_id) WHERE listings.listing_id = moved.listing_id
            """,
            connection);
        command.Parameters.Add(new() { Value = reassigned.Select(change => change.ListingId).ToArray() });
        command.Parameters.Add(new() { Value = reassigned.Select(change => change.AssetId).ToArray() });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>COPYs new listings straight into the table: under the fencing token nobody else inserts.</summary>
    public static async Task InsertAsync(
        NpgsqlConnection connection, IReadOnlyCollection<Listing> listings, CancellationToken cancellationToken)
    {
        if (listings.Count == 0)
        {
            return;
        }

        await using var copy = await BinaryCopyWriter.BeginAsync(connection, "listings", Columns, cancellationToken);
        foreach (var listing in listings)
        {
            copy.StartRow();
            copy.Add(listing.ListingId);
            copy.Add(listing.Source);
            copy.Add(listing.ExternalId);
            copy.Add(listing.AssetId);
            copy.Add(listing.Symbol);
            copy.Add(listing.SymbolKey);
            copy.Add(listing.Name);
            copy.Add(listing.MatchKey);
            copy.Add(listing.IsActive);
            copy.Add(listing.Rank);
            copy.Add(listing.PriceUsd);
            copy.Add(listing.MarketCapUsd);
            copy.Add(listing.Volume24hUsd);
            copy.Add(listing.CirculatingSupply);
            copy.Add(listing.TotalSupply);
            copy.Add(listing.MaxSupply);
            copy.Add(listing.QuotedAt);
            copy.Add(listing.ProfileHash);
            copy.Add(listing.QuoteHash);
            copy.Add(listing.CreatedAt);
            copy.Add(listing.UpdatedAt);
            copy.Add(listing.SlugKey);
            copy.Add(listing.NameKey);
            await copy.EndRowAsync(cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }
}
