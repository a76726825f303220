using Kasparro.Data;
using Kasparro.Data.Catalogue;
using Kasparro.Ingestion.Model;
using Npgsql;

namespace Kasparro.Ingestion.Postgres;

/// <summary>The table <c>assets</c>, kept in step with the assets' listings.</summary>
internal static class AssetStore
{
    /// <summary>The table's columns, with their values for an asset that consists of a single listing.</summary>
    private static readonly ColumnMap<Listing> Columns = new ColumnMap<Listing>("assets")
        .Uuid("asset_id", listing => listing.AssetId, isFixed: true)
        .Text("symbol", listing => listing.Symbol)
        .Text("symbol_key", listing => listing.SymbolKey)
        .Text("name", listing => listing.Name)
        .Text("source", listing => listing.Source)
        .Boolean("is_active", listing => listing.IsActive)
        .Double("price_usd", listing => listing.PriceUsd)
        .Double("market_cap_usd", listing => listing.MarketCapUsd)
        .Double("volume_24h_usd", listing => listing.Volume24hUsd)
        .Integer("rank", listing => listing.Rank)
        .Time("updated_at", listing => listing.QuotedAt ?? listing.UpdatedAt);

    /// <summary>
    /// An asset takes its values from its best listing (<see cref="BestListing"/>), and is active while any of its listings is. Returns the
    /// net change in active assets and the ids of the assets written; the final SELECT still sees the rows from before the statement.
    /// </summary>
    private static readonly string RecomputeSql = $$"""
        WITH now AS (
        INSERT INTO assets AS a ({{Columns.Names}})
        SELECT DISTINCT ON (asset_id) {{Columns.Names}}
        FROM (SELECT asset_id, symbol, symbol_key, name, source, any_active AS is_active, price_usd, market_cap_usd, volume_24h_usd, rank,
                     coalesce(quoted_at, updated_at) AS updated_at,
                     row_number() OVER (
                         PARTITION BY asset_id ORDER BY {{BestListing.Order}}, array_position($2, source), external_id) AS place
              FROM (SELECT l.*, bool_or(is_active) OVER same AS any_active, max({{BestListing.QuoteTime}}) OVER same AS newest
                    FROM unnest($1) AS k CROSS JOIN LATERAL (SELECT * FROM listings WHERE asset_id = k OFFSET 0) AS l
                    WINDOW same AS (PARTITION BY asset_id)) AS of_asset) AS ranked
        ORDER BY asset_id, place
        ON CONFLICT (asset_id) DO UPDATE
        SET {{string.Join(", ", Columns.Changing.Select(column => $"{column} = excluded.{column}"))}}
        WHERE ({{string.Join(", ", Columns.Changing.Select(column => $"a.{column}"))}})
              IS DISTINCT FROM ({{string.Join(", ", Columns.Changing.Select(column => $"excluded.{column}"))}})
        RETURNING a.asset_id, a.is_active
        )
        SELECT coalesce(sum(now.is_active::int - coalesce(before.is_active, false)::int), 0), coalesce(array_agg(now.asset_id), '{}')
        FROM now LEFT JOIN assets AS before ON before.asset_id = now.asset_id
        """;

    /// <summary>Redirects assets that lost their last listing to the asset that their founder's listing now belongs to.</summary>
    private const string RedirectSql = """
        WITH gone AS (
            DELETE FROM assets a WHERE a.asset_id = ANY($1) AND NOT EXISTS (SELECT FROM listings l WHERE l.asset_id = a.asset_id)
            RETURNING a.asset_id, a.is_active
        ), redirected AS (
            INSERT INTO asset_redirects (asset_id, merged_into, merged_at)
            SELECT gone.asset_id, l.asset_id, $2 FROM gone JOIN listings l ON l.listing_id = gone.asset_id
            ON CONFLICT (asset_id) DO UPDATE SET merged_into = excluded.merged_into, merged_at = excluded.merged_at
        )
        SELECT -count(*) FILTER (WHERE is_active), coalesce(array_agg(asset_id), '{}') FROM gone
        """;

    /// <summary>Removes the redirect of an id that has an asset again, because a wrong merge was split.</summary>
    private const string ForgetSql =
        "DELETE FROM asset_redirects r USING assets a WHERE r.asset_id = ANY($1) AND a.asset_id = r.asset_id";

    /// <summary>Prevents chains: each redirect leads straight to the current asset of its founder's listing.</summary>
    private const string ShortenSql = """
        UPDATE asset_redirects r SET merged_into = l.asset_id
        FROM listings l WHERE r.merged_into = ANY($1) AND l.listing_id = r.asset_id AND l.asset_id <> r.merged_into
        RETURNING r.asset_id
        """;

    /// <summary>COPYs the assets of new listings that each form an asset on their own.</summary>
    public static Task InsertAsync(
        NpgsqlConnection connection, IReadOnlyCollection<Listing> founders, CancellationToken cancellationToken) =>
        Columns.CopyAsync(connection, founders, cancellationToken);

    /// <summary>Recomputes assets from their current listings.</summary>
    /// <param name="connection">In the page's transaction, after the listings were written.</param>
    /// <param name="assetIds">The assets that changed listings belong to.</param>
    /// <param name="formerIds">The assets that lost a listing; an asset that lost its last one is redirected.</param>
    /// <param name="now">The time of a redirect.</param>
    /// <param name="changes">Collects the changes to the assets.</param>
    /// <param name="cancellationToken">Cancels the statements.</param>
    public static async Task RecomputeAsync(
        NpgsqlConnection connection,
        Guid[] assetIds,
        Guid[] formerIds,
        DateTimeOffset now,
        AssetChanges changes,
        CancellationToken cancellationToken)
    {
        await using var recompute = new NpgsqlCommand(RecomputeSql, connection);
        recompute.Parameters.AddValues([assetIds, SourceNames.All.ToArray()]);
        await CountAsync(recompute, changes, cancellationToken);
        if (formerIds.Length == 0)
        {
            return;
        }

        await using var redirect = new NpgsqlCommand(RedirectSql, connection);
        redirect.Parameters.AddValues([formerIds, now]);
        await CountAsync(redirect, changes, cancellationToken);

        Guid[] touched = [.. assetIds, .. formerIds];
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(ForgetSql) { Parameters = { new() { Value = touched } } },
                new(ShortenSql) { Parameters = { new() { Value = touched } } },
            },
        };
        await using var shortened = await batch.ExecuteReaderAsync(cancellationToken);
        while (await shortened.ReadAsync(cancellationToken))
        {
            changes.Add(0, [shortened.GetGuid(0)]);
        }
    }

    private static async Task CountAsync(NpgsqlCommand command, AssetChanges changes, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        changes.Add((int)reader.GetInt64(0), reader.GetFieldValue<Guid[]>(1));
    }
}
