using Kasparro.Data;
using Kasparro.Data.Catalogue;
using Kasparro.Ingestion.Model;
using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Ingestion.Postgres;

/// <summary>The table <c>listings</c>, read and written in bulk.</summary>
internal static class ListingStore
{
    /// <summary>The table's columns; the fixed ones are a listing's identity and origin.</summary>
    private static readonly ColumnMap<Listing> Columns = new ColumnMap<Listing>("listings")
        .Uuid("listing_id", listing => listing.ListingId, isFixed: true)
        .Text("source", listing => listing.Source, isFixed: true)
        .Text("external_id", listing => listing.ExternalId, isFixed: true)
        .Uuid("asset_id", listing => listing.AssetId)
        .Text("symbol", listing => listing.Symbol)
        .Text("symbol_key", listing => listing.SymbolKey)
        .Text("name", listing => listing.Name)
        .Text("match_key", listing => listing.MatchKey)
        .Text("slug_key", listing => listing.SlugKey)
        .Text("name_key", listing => listing.NameKey)
        .Boolean("is_active", listing => listing.IsActive)
        .Integer("rank", listing => listing.Rank)
        .Double("price_usd", listing => listing.PriceUsd)
        .Double("market_cap_usd", listing => listing.MarketCapUsd)
        .Double("volume_24h_usd", listing => listing.Volume24hUsd)
        .Double("circulating_supply", listing => listing.CirculatingSupply)
        .Double("total_supply", listing => listing.TotalSupply)
        .Double("max_supply", listing => listing.MaxSupply)
        .Time("quoted_at", listing => listing.QuotedAt)
        .Uuid("profile_hash", listing => listing.ProfileHash)
        .Uuid("quote_hash", listing => listing.QuoteHash)
        .Time("profile_seen_at", listing => listing.ProfileSeenAt)
        .Time("quote_seen_at", listing => listing.QuoteSeenAt)
        .Smallint("profile_misses", listing => listing.ProfileMisses)
        .Smallint("quote_misses", listing => listing.QuoteMisses)
        .Time("delisted_at", listing => listing.DelistedAt)
        .Time("created_at", listing => listing.CreatedAt, isFixed: true)
        .Time("updated_at", listing => listing.UpdatedAt);

    private static readonly string SelectSql = $"SELECT {Columns.Names} FROM listings WHERE listing_id = ANY($1)";

    private static readonly string UpdateSql = $"""
        UPDATE listings AS l SET {string.Join(", ", Columns.Changing.Select(column => $"{column} = n.{column}"))}
        FROM {Columns.Rows} WHERE l.listing_id = n.listing_id
        """;

    /// <summary>Reads what is known of a page's listings.</summary>
    /// <param name="connection">In the page's transaction.</param>
    /// <param name="kind">The kind of the page's records.</param>
    /// <param name="listingIds">The page's listings, known or not.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    public static async Task<Dictionary<Guid, KnownListing>> ReadKnownAsync(
        NpgsqlConnection connection, RecordKind kind, Guid[] listingIds, CancellationToken cancellationToken)
    {
        var prefix = Prefix(kind);
        await using var command = new NpgsqlCommand(
            $"""
            SELECT listing_id, {prefix}_hash, quoted_at, {prefix}_misses > 0 OR delisted_at IS NOT NULL, {prefix}_seen_at
            FROM listings WHERE listing_id = ANY($1)
            """,
            connection);
        command.Parameters.AddValues([listingIds]);
        var known = new Dictionary<Guid, KnownListing>(listingIds.Length);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            known.Add(reader.GetGuid(0), new(
                reader.GetFieldValue<Guid?>(1),
                reader.GetFieldValue<DateTimeOffset?>(2),
                reader.GetBoolean(3),
                reader.GetFieldValue<DateTimeOffset?>(4)));
        }

        return known;
    }

    /// <summary>Reads listings with all their columns.</summary>
    public static async Task<List<Listing>> ReadAsync(NpgsqlConnection connection, Guid[] listingIds, CancellationToken cancellationToken)
    {
        var listings = new List<Listing>(listingIds.Length);
        await using var command = new NpgsqlCommand(SelectSql, connection);
        command.Parameters.AddValues([listingIds]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var column = 0; // In the order of the map; a test checks every column.
            listings.Add(new Listing
            {
                ListingId = reader.GetGuid(column++),
                Source = reader.GetString(column++),
                ExternalId = reader.GetString(column++),
                AssetId = reader.GetGuid(column++),
                Symbol = reader.GetString(column++),
                SymbolKey = reader.GetString(column++),
                Name = reader.GetString(column++),
                MatchKey = reader.GetStringOrNull(column++),
                SlugKey = reader.GetStringOrNull(column++),
                NameKey = reader.GetStringOrNull(column++),
                IsActive = reader.GetBoolean(column++),
                Rank = reader.GetFieldValue<int?>(column++),
                PriceUsd = reader.GetFieldValue<double?>(column++),
                MarketCapUsd = reader.GetFieldValue<double?>(column++),
                Volume24hUsd = reader.GetFieldValue<double?>(column++),
                CirculatingSupply = reader.GetFieldValue<double?>(column++),
                TotalSupply = reader.GetFieldValue<double?>(column++),
                MaxSupply = reader.GetFieldValue<double?>(column++),
                QuotedAt = reader.GetFieldValue<DateTimeOffset?>(column++),
                ProfileHash = reader.GetFieldValue<Guid?>(column++),
                QuoteHash = reader.GetFieldValue<Guid?>(column++),
                ProfileSeenAt = reader.GetFieldValue<DateTimeOffset?>(column++),
                QuoteSeenAt = reader.GetFieldValue<DateTimeOffset?>(column++),
                ProfileMisses = reader.GetInt16(column++),
                QuoteMisses = reader.GetInt16(column++),
                DelistedAt = reader.GetFieldValue<DateTimeOffset?>(column++),
                CreatedAt = reader.GetFieldValue<DateTimeOffset>(column++),
                UpdatedAt = reader.GetFieldValue<DateTimeOffset>(column),
            });
        }

        return listings;
    }

    /// <summary>Updates listings in one statement: for a small page, a staging table would cost more than the update itself.</summary>
    public static async Task UpdateAsync(
        NpgsqlConnection connection, IReadOnlyCollection<Listing> listings, CancellationToken cancellationToken)
    {
        if (listings.Count == 0)
        {
            return;
        }

        await using var command = new NpgsqlCommand(UpdateSql, connection);
        foreach (var parameter in Columns.Parameters(listings))
        {
            command.Parameters.Add(parameter);
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Moves listings to other assets.</summary>
    public static async Task ReassignAsync(
        NpgsqlConnection connection, IReadOnlyCollection<Reassignment> reassigned, CancellationToken cancellationToken)
    {
        if (reassigned.Count == 0)
        {
            return;
        }

        await using var command = new NpgsqlCommand(
            """
            UPDATE listings SET asset_id = moved.asset_id
            FROM unnest($1::uuid[], $2::uuid[]) AS moved (listing_id, asset_id) WHERE listings.listing_id = moved.listing_id
            """,
            connection);
        command.Parameters.AddValues(
        [
            Parameters.Column(reassigned, change => change.ListingId, NpgsqlDbType.Uuid),
            Parameters.Column(reassigned, change => change.AssetId, NpgsqlDbType.Uuid),
        ]);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>COPYs new listings straight into the table: under the fencing token, no other worker inserts.</summary>
    public static Task InsertAsync(
        NpgsqlConnection connection, IReadOnlyCollection<Listing> listings, CancellationToken cancellationToken) =>
        Columns.CopyAsync(connection, listings, cancellationToken);

    /// <summary>
    /// Finds the source's listings of which a complete reading had no record. Listings that have reached the limit of misses are not read,
    /// so they cost nothing from then on.
    /// </summary>
    /// <param name="connection">In a transaction whose planner is free to choose: this reads all of the source's listings.</param>
    /// <param name="source">The source.</param>
    /// <param name="kind">The kind of records that were read.</param>
    /// <param name="seen">The listings of which the reading had records.</param>
    /// <param name="limit">The limit of misses.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <returns>The number of listings that the reading should have had, and the ids of those that it lacked.</returns>
    public static async Task<(long Known, Guid[] Missing)> FindMissingAsync(
        NpgsqlConnection connection, string source, RecordKind kind, Guid[] seen, int limit, CancellationToken cancellationToken)
    {
        var prefix = Prefix(kind);
        await using var command = new NpgsqlCommand(
            $"""
            SELECT count(*), coalesce(array_agg(l.listing_id) FILTER (WHERE s.listing_id IS NULL), array[]::uuid[])
            FROM listings l LEFT JOIN unnest($2) AS s (listing_id) ON s.listing_id = l.listing_id
            WHERE l.source = $1 AND l.{prefix}_hash IS NOT NULL AND l.{prefix}_misses < $3
            """,
            connection);
        command.Parameters.AddValues([source, seen, limit]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.GetFieldValue<Guid[]>(1));
    }

    /// <summary>
    /// Returns those of the given listings of which another listing of the source now has a contract; that listing is not delisted, and not
    /// one of the given ones.
    /// </summary>
    public static async Task<HashSet<Guid>> FindRenamedAsync(
        NpgsqlConnection connection, Guid[] listingIds, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT DISTINCT p.listing_id FROM unnest($1) AS k
            CROSS JOIN LATERAL (SELECT * FROM asset_platforms WHERE listing_id = k OFFSET 0) AS p
            CROSS JOIN LATERAL (
                SELECT listing_id, source FROM asset_platforms WHERE address = p.address AND platform = p.platform OFFSET 0) AS o
            CROSS JOIN LATERAL (SELECT 1 FROM listings WHERE listing_id = o.listing_id AND delisted_at IS NULL OFFSET 0) AS l
            WHERE o.source = p.source AND o.listing_id <> ALL($1)
            """,
            connection);
        command.Parameters.AddValues([listingIds]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return [.. await reader.ReadAllAsync(row => row.GetGuid(0), cancellationToken)];
    }

    /// <summary>Returns those of the given listings that the last complete list of all coins lacked, or that are delisted.</summary>
    public static async Task<HashSet<Guid>> FindGoneAsync(
        NpgsqlConnection connection, Guid[] listingIds, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT listing_id FROM listings WHERE listing_id = ANY($1) AND (profile_misses > 0 OR delisted_at IS NOT NULL)", connection);
        command.Parameters.AddValues([listingIds]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return [.. await reader.ReadAllAsync(row => row.GetGuid(0), cancellationToken)];
    }

    /// <summary>Counts the listings of which a complete reading of the source should have records.</summary>
    public static async Task<long> CountExpectedAsync(
        NpgsqlDataSource dataSource, string source, RecordKind kind, int limit, CancellationToken cancellationToken)
    {
        var prefix = Prefix(kind);
        await using var command = dataSource.CreateCommand(
            $"SELECT count(*) FROM listings WHERE source = $1 AND {prefix}_hash IS NOT NULL AND {prefix}_misses < $2");
        command.Parameters.AddValues([source, limit]);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Counts those of the given listings that have a price.</summary>
    public static async Task<long> CountPricedAsync(NpgsqlDataSource dataSource, Guid[] listingIds, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            "SELECT count(*) FROM listings WHERE listing_id = ANY($1) AND price_usd IS NOT NULL");
        command.Parameters.AddValues([listingIds]);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Counts a miss for each listing, up to the limit.</summary>
    public static async Task CountMissesAsync(
        NpgsqlConnection connection, RecordKind kind, Guid[] listingIds, int limit, CancellationToken cancellationToken)
    {
        var prefix = Prefix(kind);
        await using var command = new NpgsqlCommand(
            $"UPDATE listings SET {prefix}_misses = least({prefix}_misses + 1, $2) WHERE listing_id = ANY($1)", connection);
        command.Parameters.AddValues([listingIds, limit]);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string Prefix(RecordKind kind) => kind is RecordKind.Profile ? "profile" : "quote";
}

/// <summary>What is known of a listing before a page's record of it is applied.</summary>
/// <param name="Hash">The content hash of its newest record of the page's kind, or null if there is none.</param>
/// <param name="QuotedAt">The time of its quote, according to the source.</param>
/// <param name="WasMissed">Whether the last complete reading had no record of it, so that this record is its return.</param>
/// <param name="SeenAt">When its newest record of the page's kind was fetched.</param>
internal readonly record struct KnownListing(Guid? Hash, DateTimeOffset? QuotedAt, bool WasMissed, DateTimeOffset? SeenAt);
