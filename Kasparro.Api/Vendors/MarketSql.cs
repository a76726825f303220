using Kasparro.Api.Assets;
using Kasparro.Api.History;
using Kasparro.Api.Postgres;
using Kasparro.Data.Catalogue;

namespace Kasparro.Api.Vendors;

/// <summary>Builds the statement that reads a <see cref="MarketSelection"/>.</summary>
internal static class MarketSql
{
    // The listing whose values the asset shows, so that the history and the price have the same source. Where its history does not reach
    // back, that of the other listings is used, the best first, as in charts.
    private const string Best = $"""
        SELECT listing_id, circulating_supply, total_supply, max_supply,
               array_agg(listing_id) OVER (ORDER BY source <> r.source, {BestListing.Order}, external_id
                   ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS listings
        FROM (SELECT l.*, max({BestListing.QuoteTime}) OVER () AS newest FROM listings l WHERE l.asset_id = r.asset_id) AS listed
        ORDER BY source <> r.source, {BestListing.Order}, external_id LIMIT 1
        """;

    private const string Listings = "unnest(h.listings) WITH ORDINALITY AS o (listing_id, place)";

    private static readonly string PastQuote = QuoteAtSql.For("o.listing_id", "(r.at - w.age)", "(r.at - w.age - w.tolerance)");

    // From another listing only the price is compared: each source counts supplies and volumes in its own way.
    private static string PastPrices(string ages, string tolerances) => $"""
        LEFT JOIN LATERAL (
            SELECT array_agg(q.price_usd ORDER BY w.n) AS prices, array_agg(q.market_cap_usd ORDER BY w.n) AS caps,
                   array_agg(q.volume_24h_usd ORDER BY w.n) AS volumes
            FROM unnest({ages}::interval[], {tolerances}::interval[]) WITH ORDINALITY AS w (age, tolerance, n)
            LEFT JOIN LATERAL (
                SELECT price_usd, CASE WHEN place = 1 THEN market_cap_usd END AS market_cap_usd,
                       CASE WHEN place = 1 THEN volume_24h_usd END AS volume_24h_usd
                FROM {Listings}
                CROSS JOIN LATERAL ({PastQuote}) AS at
                ORDER BY place LIMIT 1) AS q ON true) AS past ON true
        """;

    // From whole hours within the last 24, each of the best listing that has it.
    private const string Range = $"""
        LEFT JOIN LATERAL (
            SELECT greatest(max(high), r.price_usd) AS high, least(min(low), r.price_usd) AS low FROM (
                SELECT DISTINCT ON (hour) high, low FROM {Listings} JOIN hourly_candles AS c ON c.listing_id = o.listing_id
                WHERE hour <= r.at AND hour > r.at - interval '24 hours' ORDER BY hour, place) AS hours) AS day ON true
        """;

    // The last price of each hour.
    private const string Sparkline = $"""
        LEFT JOIN LATERAL (
            SELECT array_agg(close ORDER BY hour) AS prices FROM (
                SELECT DISTINCT ON (hour) hour, close FROM {Listings} JOIN hourly_candles AS c ON c.listing_id = o.listing_id
                WHERE hour <= r.at AND hour > r.at - interval '7 days' ORDER BY hour, place) AS hours) AS line ON true
        """;

    /// <summary>Builds the statement; its columns are those that <see cref="MarketRow.From"/> reads.</summary>
    public static string For(MarketSelection selection, SqlParameters parameters)
    {
        var order = OrderBy(selection);
        var (isMirror, hasWindows) = (selection.IsMirror, selection.Windows.Count > 0);
        var history = isMirror
            ? """
                CROSS JOIN LATERAL (
                    SELECT r.listing_id, r.circulating_supply, r.total_supply, r.max_supply, ARRAY[r.listing_id] AS listings) AS h
                """
            : $"LEFT JOIN LATERAL ({Best}) AS h ON true";
        var past = !hasWindows ? "" : PastPrices(
            parameters.Add(selection.Windows.Select(window => window.Age).ToArray()),
            parameters.Add(selection.Windows.Select(window => window.Tolerance).ToArray()));
        return $"""
            SELECT r.asked, r.id, r.asset_id, r.symbol, r.name, r.is_active, r.rank, r.price_usd, r.market_cap_usd, r.volume_24h_usd,
                   coalesce(h.circulating_supply, r.circulating_supply), coalesce(h.total_supply, r.total_supply),
                   coalesce(h.max_supply, r.max_supply), r.at,
                   {(hasWindows ? "past.prices, past.caps, past.volumes" : "NULL, NULL, NULL")},
                   {(selection.HasRange ? "day.high, day.low" : "NULL, NULL")},
                   {(selection.HasSparkline ? "line.prices" : "NULL")},
                   {(selection.HasLogo ? LogoReader.IsKnownSql("r") : "false")},
                   {(selection.HasContracts ? "contracts.platforms, contracts.addresses" : "NULL, NULL")}
            FROM (SELECT {Columns(isMirror)} FROM {From(selection, parameters)} ORDER BY {order}{Paging(selection, parameters)}) AS r
            {history}
            {past}
            {(selection.HasRange ? Range : "")}
            {(selection.HasSparkline ? Sparkline : "")}
            {(selection.HasContracts ? ContractSql.Join("r", selection.Source, isMirror) : "")}
            ORDER BY {order}
            """;
    }

    private static string Paging(MarketSelection selection, SqlParameters parameters) =>
        selection.Limit is { } limit ? $" LIMIT {parameters.Add(limit)} OFFSET {parameters.Add(selection.Offset)}" : "";

    private static string OrderBy(MarketSelection selection) => selection.Order switch
    {
        MarketOrder.MarketCapAscending => "market_cap_usd ASC NULLS LAST, asset_id, id",
        MarketOrder.VolumeDescending => "volume_24h_usd DESC NULLS LAST, asset_id, id",
        MarketOrder.VolumeAscending => "volume_24h_usd ASC NULLS LAST, asset_id, id",
        MarketOrder.IdAscending => "id ASC",
        MarketOrder.IdDescending => "id DESC",
        MarketOrder.Rank => "is_active DESC, rank ASC NULLS LAST, market_cap_usd DESC NULLS LAST, asset_id, id",
        _ => "market_cap_usd DESC NULLS LAST, asset_id, id",
    };

    // The asset's values, plus those that only the listing has; in a mirror, the listing's only.
    private static string Columns(bool isMirror) => $"""
        k.asked, coalesce(v.external_id, a.asset_id::text) COLLATE "C" AS id, a.asset_id, a.source, v.listing_id,
        coalesce(v.symbol, a.symbol) AS symbol, coalesce(v.name, a.name) AS name, coalesce(v.is_active, a.is_active) AS is_active,
        CASE WHEN v.listing_id IS NULL THEN a.rank ELSE v.rank END AS rank,
        {(isMirror
            ? "v.price_usd, v.market_cap_usd, v.volume_24h_usd, v.quoted_at AS at"
            : "a.price_usd, a.market_cap_usd, a.volume_24h_usd, CASE WHEN a.price_usd IS NOT NULL THEN a.updated_at END AS at")},
        v.circulating_supply, v.total_supply, v.max_supply
        """;

    private static string From(MarketSelection selection, SqlParameters parameters)
    {
        var source = parameters.Add(selection.Source);
        var mirrored = selection.IsMirror ? " AND v.listing_id IS NOT NULL" : "";
        if (selection.IsAll)
        {
            return selection.IsMirror
                ? $"""
                    listings v JOIN assets a ON a.asset_id = v.asset_id CROSS JOIN (SELECT NULL::text AS asked) AS k
                    WHERE v.source = {source} AND v.is_active AND (v.price_usd IS NOT NULL OR v.quote_seen_at IS NOT NULL)
                    """
                : $"""
                    assets a LEFT JOIN listings v ON v.asset_id = a.asset_id AND v.source = {source}
                        CROSS JOIN (SELECT NULL::text AS asked) AS k
                    WHERE a.is_active AND coalesce(v.is_active, true) AND (a.price_usd IS NOT NULL OR v.quote_seen_at IS NOT NULL)
                    """;
        }

        return $"""
            ({Asked(selection, source, parameters)}) AS k JOIN assets a ON a.asset_id = k.asset_id
                LEFT JOIN listings v ON v.listing_id = k.listing_id
            WHERE true{mirrored}
            """;
    }

    private static string Asked(MarketSelection selection, string source, SqlParameters parameters)
    {
        var listing = $"""
            (SELECT v.listing_id FROM listings v WHERE v.asset_id = m.asset_id AND v.source = {source}
             ORDER BY NOT v.is_active, v.external_id LIMIT 1)
            """;
        if (selection.Ids is { } ids)
        {
            var names = ids.Concat(ids.Select(id => id.ToLowerInvariant())).Distinct(StringComparer.Ordinal).ToArray();
            var assets = ids.Select(id => Guid.TryParseExact(id, "D", out var asset) ? asset : Guid.Empty).Distinct().ToArray();

            // Vendors' ids are in lower case, with exceptions; an asset's id finds the asset, even if it has been merged.
            return $"""
                SELECT NULL::text AS asked, asset_id, listing_id FROM listings
                WHERE source = {source} AND external_id = ANY({parameters.Add(names)})
                UNION ALL
                SELECT x.id::text, coalesce(moved.merged_into, x.id), NULL
                FROM unnest({parameters.Add(assets)}) AS x (id)
                LEFT JOIN asset_redirects moved ON moved.asset_id = x.id
                """;
        }

        if (selection.Addresses is { } addresses)
        {
            return $"""
                SELECT x.address AS asked, m.asset_id, {listing} AS listing_id
                FROM unnest({parameters.Add(addresses.ToArray())}) AS x (address) CROSS JOIN LATERAL (
                    SELECT a.asset_id FROM asset_platforms p JOIN listings l ON l.listing_id = p.listing_id
                        JOIN assets a ON a.asset_id = l.asset_id
                    WHERE p.address = x.address AND p.platform = ANY({parameters.Add(selection.Platforms.ToArray())})
                    ORDER BY NOT a.is_active, a.market_cap_usd DESC NULLS LAST, a.asset_id LIMIT 1) AS m
                """;
        }

        var isSymbols = selection.Names is null;
        var texts = selection.Names ?? selection.Symbols!;
        var keys = texts.Select(text => text.ToUpperInvariant()).ToArray();
        var match = isSymbols
            ? "a.symbol_key = x.key"
            : """
                upper(a.name) = upper(x.key) AND a.asset_id IN (SELECT s.asset_id FROM asset_search AS s WHERE s.search_text LIKE
                    '% ' || replace(replace(replace(upper(x.key), '\', '\\'), '%', '\%'), '_', '\_'))
                """;
        return $"""
            SELECT {(isSymbols && selection.IsEveryToken ? "NULL::text" : "x.asked")} AS asked, m.asset_id, {listing} AS listing_id
            FROM unnest({parameters.Add(texts.ToArray())}, {parameters.Add(keys)}) AS x (asked, key)
            CROSS JOIN LATERAL (
                SELECT a.asset_id FROM assets a WHERE a.is_active AND {match}
                ORDER BY a.market_cap_usd DESC NULLS LAST, a.asset_id LIMIT {(isSymbols && selection.IsEveryToken ? 250 : 1)}) AS m
            """;
    }
}
