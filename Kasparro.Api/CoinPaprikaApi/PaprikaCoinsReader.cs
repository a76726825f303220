using Kasparro.Api.Catalogue;
using Kasparro.Api.Http;
using Kasparro.Api.Vendors;

namespace Kasparro.Api.CoinPaprikaApi;

/// <summary>Reads the list of all coins, single coins, and the search.</summary>
internal sealed class PaprikaCoinsReader(MarketReader markets, FoundReader found)
{
    private const string Source = SourceNames.CoinPaprika;
    private const int DefaultLimit = 6;

    private static readonly string[] Categories = ["currencies", "exchanges", "icos", "people", "tags"];

    /// <summary>Reads the list of all coins, active or not.</summary>
    public async Task<RenderedPage> ReadAllAsync(bool isMirror)
    {
        var read = await markets.ReadAsync(
            _ => $"""
                SELECT r.id, r.name, r.symbol, r.rank, r.is_active, {ContractSql.Exists("r", Source, isMirror)}
                FROM (
                    SELECT external_id AS id, name, symbol, rank, is_active, listing_id, asset_id FROM listings WHERE source = '{Source}'
                    {(isMirror ? "" : $"""
                        UNION ALL
                        SELECT a.asset_id::text, a.name, a.symbol, a.rank, a.is_active, NULL, a.asset_id FROM assets a
                        WHERE a.is_active AND NOT EXISTS (SELECT FROM listings v WHERE v.asset_id = a.asset_id AND v.source = '{Source}')
                        """)}) AS r
                ORDER BY NOT r.is_active, r.rank NULLS LAST, r.id COLLATE "C"
                """,
            row => new PaprikaCoin(
                row.GetString(0), row.GetString(1), row.GetString(2), row.IsDBNull(3) ? 0 : row.GetInt32(3), IsNew: false,
                    row.GetBoolean(4),
                GetCoinType(row.GetBoolean(5))));
        return RenderedPage.Create(read.Stamp, read.Rows, ApiJson.Relaxed.IReadOnlyListPaprikaCoin);
    }

    /// <summary>Reads one coin.</summary>
    /// <exception cref="VendorException">There is no such coin.</exception>
    public async Task<RenderedPage> ReadAsync(CoinByIdRequest request, VendorClient client)
    {
        var page = await markets.ReadAsync(
            new(Source, client.IsMirror) { Ids = [VendorParameters.Clean(request.Id)], HasLogo = true, HasContracts = true });
        if (page.Rows is not [var row, ..])
        {
            throw CoinPaprikaParameters.NotFound();
        }

        var coin = PaprikaCoinDetails.From(
            row.Id, row.Name, row.Symbol, row.Rank ?? 0, row.IsActive, GetCoinType(row.Contracts.Count > 0),
            client.FindLogo(row.AssetId, row.HasLogo) ?? "", GetContracts(row), VendorTime.CoinPaprika(row.QuotedAt));
        return RenderedPage.Create(page.Stamp, coin, ApiJson.Relaxed.PaprikaCoinDetails);
    }

    /// <summary>Finds everything that contains a text, by category.</summary>
    /// <exception cref="VendorException">The text is missing.</exception>
    public async Task<RenderedPage> SearchAsync(PaprikaSearchRequest request)
    {
        if (string.IsNullOrWhiteSpace(request.Query))
        {
            throw CoinPaprikaParameters.Invalid();
        }

        var limit = VendorParameters.Whole(request.Limit, DefaultLimit, FoundReader.MaxCount);
        var isSymbol = "symbol_search".Equals(request.Modifier?.Trim(), StringComparison.OrdinalIgnoreCase);
        var read = await found.ReadAsync(Source, request.Query, limit, isSymbol);
        IReadOnlyList<PaprikaCoin> coins =
            [.. read.Rows.Select(coin => new PaprikaCoin(coin.Id, coin.Name, coin.Symbol, coin.Rank ?? 0, IsNew: false, IsActive: true,
                GetCoinType(coin.HasContract)))];
        var categories = CommaList.Split(request.Categories ?? "") is { Length: > 0 } named ? named : Categories;
        var response = Categories.Where(category => categories.Contains(category, StringComparer.OrdinalIgnoreCase))
            .ToDictionary(category => category, category => category == Categories[0] ? coins : [], StringComparer.Ordinal);
        return RenderedPage.Create(read.Stamp, response, ApiJson.Relaxed.FoundByCategory);
    }

    private static string GetCoinType(bool hasContract) => hasContract ? "token" : "coin";

    private static IReadOnlyList<PaprikaCoinContract> GetContracts(MarketRow row) =>
    [
        .. row.Contracts.Select(contract => PaprikaPlatforms.Find(contract.Platform) is { } platform
            ? new PaprikaCoinContract(contract.Address, platform, PaprikaPlatforms.GetTokenType(contract.Platform))
            : null).OfType<PaprikaCoinContract>(),
    ];
}
