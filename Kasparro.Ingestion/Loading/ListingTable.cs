using Kasparro.Data.Catalogue;
using Kasparro.Ingestion.Identity;
using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Ingestion.Loading;

/// <summary>The table <c>listings</c> and its staging twin, read and written in bulk.</summary>
internal static class ListingTable
{
    private const string Columns = """
        listing_id, source, external_id, asset_id, symbol, symbol_key, name, match_key, is_active, rank, price_usd, market_cap_usd,
        volume_24h_usd, circulating_supply, total_supply, max_supply, quoted_at, profile_hash, quote_hash, created_at, updated_at,
        slug_key, name_key
        """;

    /// <summary>The columns that an update may change: all but identity and origin.</summary>
    private static readonly string Assignments = string.Join(
        ", ",
        Columns.Split(',', StringSplitOptions.TrimEntries)
            .Except(["listing_id", "source", "external_id", "created_at"], StringComparer.Ordinal)
            .Select(column => $"{column} = staged.{column}"));

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

    /// <summary>COPYs new listings straight into the table: under the fencing token nobody else inserts.</summary>
    public static Task InsertAsync(NpgsqlConnection connection, IReadOnlyCollection<Listing> listings, CancellationToken cancellationToken) =>
        CopyAsync(connection, "listings", listings, cancellationToken);

    /// <summary>COPYs changed listings into a temporary table and updates from there, in one statement.</summary>
    public static async Task UpdateAsync(
        NpgsqlConnection connection, IReadOnlyCollection<Listing> listings, CancellationToken cancellationToken)
    {
        await using (var create = new NpgsqlCommand(
            "CREATE TEMPORARY TABLE IF NOT EXISTS staged_listings (LIKE listings) ON COMMIT DELETE ROWS", connection))
        {
            await create.ExecuteNonQueryAsync(cancellationToken);
        }

        await CopyAsync(connection, "staged_listings", listings, cancellationToken);
        await using var update = new NpgsqlCommand(
            $"UPDATE listings SET {Assignments} FROM staged_listings AS staged WHERE listings.listing_id = staged.listing_id", connection);
        await update.ExecuteNonQueryAsync(cancellationToken);
    }

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

    private static async Task CopyAsync(
        NpgsqlConnection connection, string table, IReadOnlyCollection<Listing> listings, CancellationToken cancellationToken)
    {
        if (listings.Count == 0)
        {
            return;
        }

        await using var copy = await connection.BeginBinaryImportAsync($"COPY {table} ({Columns}) FROM STDIN (FORMAT BINARY)", cancellationToken);
        foreach (var listing in listings)
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(listing.ListingId, NpgsqlDbType.Uuid, cancellationToken);
            await copy.WriteAsync(listing.Source, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(listing.ExternalId, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(listing.AssetId, NpgsqlDbType.Uuid, cancellationToken);
            await copy.WriteAsync(listing.Symbol, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(listing.SymbolKey, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(listing.Name, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteOrNullAsync(listing.MatchKey, cancellationToken);
            await copy.WriteAsync(listing.IsActive, NpgsqlDbType.Boolean, cancellationToken);
            await copy.WriteOrNullAsync(listing.Rank, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteOrNullAsync(listing.PriceUsd, NpgsqlDbType.Double, cancellationToken);
            await copy.WriteOrNullAsync(listing.MarketCapUsd, NpgsqlDbType.Double, cancellationToken);
            await copy.WriteOrNullAsync(listing.Volume24hUsd, NpgsqlDbType.Double, cancellationToken);
            await copy.WriteOrNullAsync(listing.CirculatingSupply, NpgsqlDbType.Double, cancellationToken);
            await copy.WriteOrNullAsync(listing.TotalSupply, NpgsqlDbType.Double, cancellationToken);
            await copy.WriteOrNullAsync(listing.MaxSupply, NpgsqlDbType.Double, cancellationToken);
            await copy.WriteOrNullAsync(listing.QuotedAt, NpgsqlDbType.TimestampTz, cancellationToken);
            await copy.WriteOrNullAsync(listing.ProfileHash, NpgsqlDbType.Uuid, cancellationToken);
            await copy.WriteOrNullAsync(listing.QuoteHash, NpgsqlDbType.Uuid, cancellationToken);
            await copy.WriteAsync(listing.CreatedAt, NpgsqlDbType.TimestampTz, cancellationToken);
            await copy.WriteAsync(listing.UpdatedAt, NpgsqlDbType.TimestampTz, cancellationToken);
            await copy.WriteOrNullAsync(listing.SlugKey, cancellationToken);
            await copy.WriteOrNullAsync(listing.NameKey, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }
}
