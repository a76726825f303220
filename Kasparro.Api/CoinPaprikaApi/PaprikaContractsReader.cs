using Kasparro.Api.Catalogue;
using Kasparro.Api.Postgres;
using Kasparro.Api.Vendors;

namespace Kasparro.Api.CoinPaprikaApi;

/// <summary>Reads contracts by platform, and coins' ids at other vendors.</summary>
internal sealed class PaprikaContractsReader(MarketReader markets)
{
    private const string Source = SourceNames.CoinPaprika;

    /// <summary>Reads the platforms.</summary>
    public async Task<RenderedPage> ReadPlatformsAsync(bool isMirror)
    {
        var own = isMirror ? $"WHERE source = '{Source}'" : "";
        var read = await markets.ReadAsync(_ => $"SELECT DISTINCT platform FROM asset_platforms {own}", row => row.GetString(0));
        IReadOnlyList<string> platforms =
            [.. read.Rows.Select(PaprikaPlatforms.Find).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return RenderedPage.Create(read.Stamp, platforms, ApiJson.Relaxed.IReadOnlyListString);
    }

    /// <summary>Reads the contracts of a platform.</summary>
    /// <exception cref="VendorException">There is no such platform.</exception>
    public async Task<RenderedPage> ReadContractsAsync(PlatformContractsRequest request, bool isMirror)
    {
        var platform = PlatformMap.Canonical(Source, VendorParameters.Clean(request.Platform));
        var read = await markets.ReadAsync(
            parameters => isMirror
                ? $"""
                    SELECT p.address, l.external_id, l.is_active FROM asset_platforms p JOIN listings l ON l.listing_id = p.listing_id
                    WHERE p.platform = {parameters.Add(platform)} AND p.source = '{Source}' ORDER BY p.address, l.external_id
                    """
                : $"""
                    SELECT DISTINCT p.address, coalesce(v.external_id, a.asset_id::text) AS id, coalesce(v.is_active, a.is_active)
                    FROM asset_platforms p JOIN listings l ON l.listing_id = p.listing_id JOIN assets a ON a.asset_id = l.asset_id
                    LEFT JOIN LATERAL (SELECT * FROM listings v WHERE v.asset_id = a.asset_id AND v.source = '{Source}'
                                       ORDER BY NOT v.is_active, v.external_id LIMIT 1) AS v ON true
                    WHERE p.platform = {parameters.Add(platform)} ORDER BY p.address, id
                    """,
            row => new PaprikaContract(row.GetString(0), row.GetString(1), PaprikaPlatforms.GetTokenType(platform), row.GetBoolean(2)));
        return read.Rows.Count == 0
            ? throw CoinPaprikaParameters.NotFound()
            : RenderedPage.Create(read.Stamp, read.Rows, ApiJson.Relaxed.IReadOnlyListPaprikaContract);
    }

    /// <summary>Finds the id of a contract's coin.</summary>
    /// <exception cref="VendorException">There is no such coin.</exception>
    public async Task<string> FindAsync(ContractTickerRequest request, bool isMirror)
    {
        var platform = PlatformMap.Canonical(Source, VendorParameters.Clean(request.Platform));
        var address = TokenContract.From(platform, VendorParameters.Clean(request.Address))?.Address ?? "";
        var page = await markets.ReadAsync(new MarketSelection(Source, isMirror) { Addresses = [address], Platforms = [platform] });
        return page.Rows is [var row, ..] ? row.Id : throw CoinPaprikaParameters.NotFound();
    }

    /// <summary>Reads the ids of coins at the vendors.</summary>
    public async Task<RenderedPage> ReadMappingsAsync(PaprikaMappingsRequest request)
    {
        var read = await markets.ReadAsync(
            parameters => $"""
                SELECT p.external_id, g.external_id, greatest(p.updated_at, g.updated_at)
                FROM assets a JOIN listings p ON p.asset_id = a.asset_id AND p.source = '{Source}'
                LEFT JOIN listings g ON g.asset_id = a.asset_id AND g.source = '{SourceNames.CoinGecko}'
                WHERE {(request.IsForNone ? "false" : "true")}
                {Only(parameters, "p", request.CoinPaprika)}{Only(parameters, "g", request.CoinGecko)}
                ORDER BY p.external_id COLLATE "C", g.external_id COLLATE "C"
                """,
            row => new PaprikaMapping(
                row.GetString(0), null, row.IsDBNull(1) ? null : row.GetString(1), null, null, null,
                    VendorTime.CoinPaprika(row.GetFieldValue<DateTime?>(2))));
        return RenderedPage.Create(read.Stamp, read.Rows, ApiJson.Relaxed.IReadOnlyListPaprikaMapping);

        static string Only(SqlParameters parameters, string listing, string? id) =>
            string.IsNullOrWhiteSpace(id) ? "" : $" AND {listing}.external_id = {parameters.Add(VendorParameters.Clean(id.Trim()))}";
    }
}
