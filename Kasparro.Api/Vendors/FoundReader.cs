using Kasparro.Api.Assets;
using Kasparro.Api.Catalogue;
using Kasparro.Api.Postgres;

namespace Kasparro.Api.Vendors;

/// <summary>Finds assets by part of their name or symbol, or by their whole symbol.</summary>
internal sealed class FoundReader(MarketReader markets)
{
    /// <summary>The maximum number of assets that are found.</summary>
    public const int MaxCount = 250;

    private const int MaxLength = 100;

    /// <summary>Finds assets: first those whose symbol or name equals the text, then the largest.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public Task<SnapshotRows<FoundAsset>> ReadAsync(string source, string text, int limit, bool isSymbol = false)
    {
        var sought = UnicodeText.Truncate(UnicodeText.Compose(VendorParameters.Clean(text).Trim()), MaxLength).ToString();
        return markets.ReadAsync(
            parameters => $"""
                SELECT coalesce(v.external_id, a.asset_id::text), coalesce(v.symbol, a.symbol), coalesce(v.name, a.name),
                       CASE WHEN v.listing_id IS NULL THEN a.rank ELSE v.rank END, a.asset_id, {LogoReader.IsKnownSql("a")},
                       {ContractSql.Exists("a", source, isMirror: false)}
                FROM (SELECT a.* FROM assets a WHERE a.is_active AND {Match(parameters, sought, isSymbol)}
                      ORDER BY upper(a.symbol) <> upper({parameters.Add(sought)}) AND upper(a.name) <> upper({parameters.Add(sought)}),
                               a.market_cap_usd DESC NULLS LAST, a.asset_id LIMIT {parameters.Add(limit)}) AS a
                LEFT JOIN LATERAL (SELECT * FROM listings v WHERE v.asset_id = a.asset_id AND v.source = {parameters.Add(source)}
                                   ORDER BY NOT v.is_active, v.external_id LIMIT 1) AS v ON true
                ORDER BY upper(a.symbol) <> upper({parameters.Add(sought)}) AND upper(a.name) <> upper({parameters.Add(sought)}),
                         a.market_cap_usd DESC NULLS LAST, a.asset_id
                """,
            row => new FoundAsset(
                row.GetString(0), row.GetString(1), row.GetString(2), row.GetFieldValue<int?>(3), row.GetGuid(4),
                row.GetBoolean(5), row.GetBoolean(6)));
    }

    private static string Match(SqlParameters parameters, string sought, bool isSymbol)
    {
        if (sought.Length == 0)
        {
            return "false";
        }

        var pattern = $"%{FilterSql.Escape(sought)}%";
        return isSymbol
            ? $"a.symbol_key = {parameters.Add(sought.ToUpperInvariant())}"
            : $"a.asset_id IN (SELECT s.asset_id FROM asset_search AS s WHERE s.search_text LIKE upper({parameters.Add(pattern)}))";
    }
}

/// <summary>An asset that was found, by the vendor's id, or by the asset's id if the vendor does not list it.</summary>
internal sealed record FoundAsset(string Id, string Symbol, string Name, int? Rank, Guid AssetId, bool HasLogo, bool HasContract);
