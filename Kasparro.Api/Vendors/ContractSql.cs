using Kasparro.Api.Postgres;

namespace Kasparro.Api.Vendors;

/// <summary>The contracts of assets, one a platform, as arrays in the order of the platforms.</summary>
internal static class ContractSql
{
    /// <summary>The statement that reads the <c>platforms</c> and <c>addresses</c> of one asset.</summary>
    public static string For(MarketRow row, string source, bool isMirror, SqlParameters parameters) => $"""
        SELECT contracts.platforms, contracts.addresses
        FROM (SELECT {parameters.Add(row.AssetId)} AS asset_id,
                     (SELECT listing_id FROM listings
                      WHERE source = '{source}' AND external_id = {parameters.Add(row.Id)}) AS listing_id) AS r
        {Join("r", source, isMirror)}
        """;

    /// <summary>
    /// A lateral join that adds <c>platforms</c> and <c>addresses</c> to rows with an <c>asset_id</c> and the vendor's <c>listing_id</c>.
    /// </summary>
    /// <param name="row">The alias of the rows.</param>
    /// <param name="source">The vendor; its own contracts come first.</param>
    /// <param name="isMirror">Whether only the vendor's own contracts of its own listing count.</param>
    public static string Join(string row, string source, bool isMirror) => $"""
        LEFT JOIN LATERAL (
            SELECT array_agg(platform ORDER BY platform) AS platforms, array_agg(address ORDER BY platform) AS addresses FROM (
                SELECT DISTINCT ON (p.platform) p.platform, p.address
                FROM {(isMirror
                    ? $"asset_platforms p WHERE p.listing_id = {row}.listing_id AND p.source = '{source}'"
                    : $"listings l JOIN asset_platforms p ON p.listing_id = l.listing_id WHERE l.asset_id = {row}.asset_id")}
                ORDER BY p.platform, p.source <> '{source}', p.address) AS named) AS contracts ON true
        """;
}
