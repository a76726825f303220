using Kasparro.Data.Catalogue;
using Kasparro.Ingestion.Model;
using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Ingestion.Postgres;

/// <summary>The table <c>assets</c>, kept equal to what its listings say.</summary>
internal static class AssetStore
{
    /// <summary>
    /// The best listing of an asset gives its values: one with a price, not more than a day behind the asset's newest, with a market
    /// capitalisation, then by the order of <see cref="SourceNames.All"/>, then by id. No clock in it: the same listings give the same asset.
    /// Answers by how many the active assets grew, and which were written: the statement's own SELECT still sees what was there before it.
    /// </summary>
    private const string RecomputeSql = """
        WITH now AS (
        INSERT INTO assets AS a (asset_id, symbol, symbol_key, name, source, is_active, price_usd, market_cap_usd, volume_24h_usd, rank, updated_at)
        SELECT DISTINCT ON (asset_id)
               asset_id, symbol, symbol_key, name, source, any_active, price_usd, market_cap_usd, volume_24h_usd, rank,
               coalesce(quoted_at, updated_at)
        FROM (SELECT l.*, bool_or(is_active) OVER same AS any_active, max(quoted_at) OVER same AS newest
              FROM unnest($1) AS k CROSS JOIN LATERAL (SELECT * FROM listings WHERE asset_id = k OFFSET 0) AS l WINDOW same AS (PARTITION BY asset_id)) AS ranked
        ORDER BY asset_id, price_usd IS NULL, coalesce(quoted_at < newest - interval '1 day', false), market_cap_usd IS NULL,
                 array_position($2, source), external_id
        ON CONFLICT (asset_id) DO UPDATE
        SET symbol = excluded.symbol, symbol_key = excluded.symbol_key, name = excluded.name, source = excluded.source,
            is_active = excluded.is_active, price_usd = excluded.price_usd, market_cap_usd = excluded.market_cap_usd,
            volume_24h_usd = excluded.volume_24h_usd, rank = excluded.rank, updated_at = excluded.updated_at
        WHERE (a.symbol, a.name, a.source, a.is_active, a.price_usd, a.market_cap_usd, a.volume_24h_usd, a.rank, a.updated_at)
              IS DISTINCT FROM (excluded.symbol, excluded.name, excluded.source, excluded.is_active, excluded.price_usd,
                                excluded.market_cap_usd, excluded.volume_24h_usd, excluded.rank, excluded.updated_at)
        RETURNING a.asset_id, a.is_active
        )
        SELECT coalesce(sum(now.is_active::int - coalesce(before.is_active, false)::int), 0), coalesce(array_agg(now.asset_id), '{}')
        FROM now LEFT JOIN assets AS before ON before.asset_id = now.asset_id
        """;

    /// <summary>Assets that lost their last listing lead to where their founder's listing went.</summary>
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

    /// <summary>An id that has an asset again (a wrong merge was split) leads nowhere any more.</summary>
    private const string ForgetSql =
        "DELETE FROM asset_redirects r USING assets a WHERE r.asset_id = ANY($1) AND a.asset_id = r.asset_id";

    /// <summary>No chains: a redirect leads straight to where its founder's listing is now.</summary>
    private const string ShortenSql = """
        UPDATE asset_redirects r SET merged_into = l.asset_id
        FROM listings l WHERE r.merged_into = ANY($1) AND l.listing_id = r.asset_id AND l.asset_id <> r.merged_into
        RETURNING r.asset_id
        """;

    /// <summary>COPYs the assets of new listings that are an asset of their own.</summary>
    public static async Task InsertAsync(
        NpgsqlConnection connection, IReadOnlyCollection<Listing> founders, CancellationToken cancellationToken)
    {
        if (founders.Count == 0)
        {
            return;
        }

        await using var copy = await BinaryCopyWriter.BeginAsync(
            connection,
            "assets",
            "asset_id, symbol, symbol_key, name, source, is_active, price_usd, market_cap_usd, volume_24h_usd, rank, updated_at",
            cancellationToken);
        foreach (var listing in founders)
        {
            copy.StartRow();
            copy.Add(listing.AssetId);
            copy.Add(listing.Symbol);
            copy.Add(listing.SymbolKey);
            copy.Add(listing.Name);
            copy.Add(listing.Source);
            copy.Add(listing.IsActive);
            copy.Add(listing.PriceUsd);
            copy.Add(listing.MarketCapUsd);
            copy.Add(listing.Volume24hUsd);
            copy.Add(listing.Rank);
            copy.Add(listing.QuotedAt ?? listing.UpdatedAt);
            await copy.EndRowAsync(cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    /// <summary>Makes the given assets what their listings say now.</summary>
    /// <param name="connection">In the page's transaction, after the listings were written.</param>
    /// <param name="assetIds">Assets that a changed listing belongs to.</param>
    /// <param name="formerIds">Assets that lost a listing; one that lost its last is redirected.</param>
    /// <param name="now">The time of a redirect.</param>
    /// <param name="changes">Is told what became of the assets.</param>
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
        recompute.Parameters.Add(new() { Value = assetIds });
        recompute.Parameters.Add(new() { Value = SourceNames.All.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await CountAsync(recompute, changes, cancellationToken);
        if (formerIds.Length == 0)
        {
            return;
        }

        await using var redirect = new NpgsqlCommand(RedirectSql, connection);
        redirect.Parameters.Add(new() { Value = formerIds });
        redirect.Parameters.Add(new() { Value = now });
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
