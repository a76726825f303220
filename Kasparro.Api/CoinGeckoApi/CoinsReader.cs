using Kasparro.Api.Catalogue;
using Kasparro.Api.Vendors;

namespace Kasparro.Api.CoinGeckoApi;

/// <summary>Reads the list of all coins, and single coins.</summary>
internal sealed class CoinsReader(MarketReader markets)
{
    private const string Source = SourceNames.CoinGecko;

    /// <summary>
    /// The platform that is shown for a coin with contracts on several: the sources' lists do not say which one is its home.
    /// </summary>
    private const string Ethereum = "ethereum";

    /// <summary>Reads the list of all coins.</summary>
    public async Task<RenderedPage> ReadListAsync(CoinListRequest request, bool isMirror)
    {
        var withContracts = CoinGeckoParameters.IsTrue(request.IncludePlatform);
        var isInactive = request.Status?.Trim().Equals("inactive", StringComparison.OrdinalIgnoreCase) is true;
        var read = await markets.ReadAsync(_ => ListSql(withContracts, isInactive, isMirror), row => new CoinGeckoListed(
            row.GetString(0), row.GetString(1).ToLowerInvariant(), row.GetString(2),
            withContracts ? GetPlatforms(ContractSql.Read(row, 3)) : null));
        return RenderedPage.Create(read.Stamp, read.Rows, ApiJson.Relaxed.IReadOnlyListCoinGeckoListed);
    }

    /// <summary>Reads one coin.</summary>
    /// <exception cref="VendorException">There is no such coin.</exception>
    public Task<RenderedPage> ReadCoinAsync(CoinRequest request, VendorClient client) => ReadAsync(
        new MarketSelection(Source, client.IsMirror)
        {
            Ids = [VendorParameters.Clean(request.Id)],
            HasSparkline = CoinGeckoParameters.IsTrue(request.Sparkline),
        },
        request,
        address: null,
        client);

    /// <summary>Reads the coin of a contract.</summary>
    /// <exception cref="VendorException">There is no such coin.</exception>
    public Task<RenderedPage> ReadContractAsync(ContractRequest request, VendorClient client)
    {
        var address = VendorParameters.Clean(TokenContract.From(request.Platform, request.Address)?.Address ?? request.Address);
        return ReadAsync(
            new MarketSelection(Source, client.IsMirror)
            {
                Addresses = [address],
                Platforms = PlatformMap.Candidates(VendorParameters.Clean(request.Platform)),
            },
            new CoinRequest(address), address, client);
    }

    private async Task<RenderedPage> ReadAsync(MarketSelection selection, CoinRequest request, string? address, VendorClient client)
    {
        var page = await markets.ReadAsync(
            selection with
            {
                Windows = PastWindow.All,
                Currencies = CurrencyRates.Coins.Keys,
                HasRange = true,
                HasLogo = true,
                HasContracts = true,
            });
        if (page.Rows is not [var row, ..])
        {
            throw CoinGeckoParameters.NotFound();
        }

        var platforms = GetPlatforms(row.Contracts);
        var coin = new CoinGeckoCoin
        {
            Id = row.Id,
            Symbol = row.Symbol.ToLowerInvariant(),
            Name = row.Name,
            WebSlug = row.Id,
            AssetPlatformId = selection.Platforms.Append(Ethereum).FirstOrDefault(platforms.ContainsKey) ?? platforms.Keys.FirstOrDefault(),
            Platforms = platforms,
            DetailPlatforms = CoinGeckoDetailPlatform.From(platforms),
            Localization = IsLeftOut(request.Localization)
                ? null
                : new Dictionary<string, string>(StringComparer.Ordinal) { ["en"] = row.Name },
            Image = CoinGeckoImage.From(client.FindLogo(row.AssetId, row.HasLogo)),
            ContractAddress = address,
            MarketCapRank = row.Rank,
            MarketData = IsLeftOut(request.MarketData) ? null : CoinGeckoMarketData.From(page, row),
            LastUpdated = VendorTime.CoinGecko(row.QuotedAt),
            Tickers = IsLeftOut(request.Tickers) ? null : [],
        };
        return RenderedPage.Create(page.Stamp, coin, ApiJson.Relaxed.CoinGeckoCoin);
    }

    private static bool IsLeftOut(string? asked) => Http.Flag.Read(asked) is false;

    // Only platforms that CoinGecko knows; any other platform's name is prefixed with its source.
    private static Dictionary<string, string> GetPlatforms(IEnumerable<(string Platform, string Address)> contracts) => contracts
        .Where(contract => !contract.Platform.Contains(':', StringComparison.Ordinal))
        .ToDictionary(contract => contract.Platform, contract => contract.Address, StringComparer.Ordinal);

    private static string ListSql(bool withContracts, bool isInactive, bool isMirror)
    {
        var rows = isMirror || isInactive
            ? $"""
                SELECT external_id AS id, symbol, name, asset_id, listing_id FROM listings
                WHERE source = '{Source}' AND {(isInactive ? "NOT " : "")}is_active
                """
            : $"""
                SELECT coalesce(v.external_id, a.asset_id::text) AS id, coalesce(v.symbol, a.symbol) AS symbol,
                       coalesce(v.name, a.name) AS name, a.asset_id, v.listing_id
                FROM assets a LEFT JOIN listings v ON v.asset_id = a.asset_id AND v.source = '{Source}'
                WHERE a.is_active AND coalesce(v.is_active, true)
                """;
        return $"""
            SELECT r.id, r.symbol, r.name{(withContracts ? ", contracts.platforms, contracts.addresses" : "")}
            FROM ({rows}) AS r {(withContracts ? ContractSql.Join("r", Source, isMirror) : "")} ORDER BY r.id COLLATE "C"
            """;
    }
}
