using Kasparro.Api.Assets;
using Kasparro.Api.Catalogue;
using Kasparro.Api.Http;
using Kasparro.Api.Postgres;
using Kasparro.Data;
using Npgsql;

namespace Kasparro.Api.History;

/// <summary>Reads an asset's price at a time, in one snapshot of Postgres and one round trip.</summary>
internal sealed class PriceAtReader(NpgsqlDataSource catalogue, CatalogueDeadline deadline)
{
    /// <summary>
    /// How much older the quote of a better listing may be than that of another; the same limit as for the current price.
    /// </summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromDays(1);

    private static readonly string QuotesSql = $"""
        SELECT k.asked, k.coin, k.listing_id, k.source, at.quoted_at, at.price_usd, at.market_cap_usd, at.volume_24h_usd, at.level
        FROM ({HistorySql.Listings}) AS k (asset_id, listing_id, source, asked, coin, place)
        LEFT JOIN LATERAL ({QuoteAtSql.For("k.listing_id", "$4", "'-infinity'::timestamptz")}) AS at ON true
        ORDER BY k.asset_id, k.place
        """;

    /// <summary>Reads the price, or finds out what the id is if there is nothing to read.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    /// <exception cref="InvalidParameterException">The currency has no rate.</exception>
    public Task<FoundPrice> ReadAsync(Guid assetId, PriceAtRequest request, CancellationToken cancellationToken) =>
        deadline.RunAsync(token => QueryAsync(assetId, request, token), cancellationToken);

    private async Task<FoundPrice> QueryAsync(Guid assetId, PriceAtRequest request, CancellationToken cancellationToken)
    {
        var (currency, time) = (request.Currency?.Value ?? CurrencyRates.Usd, HistoryReader.Clamp(request.Time.Value));
        var coin = CurrencyRates.Coins.GetValueOrDefault(currency);
        await using var connection = await catalogue.OpenConnectionAsync(cancellationToken);
        var (moved, rows, rates) = await HistoryReader.ReadAsync(
            connection, assetId,
            new NpgsqlBatchCommand(QuotesSql).With(
                [new[] { assetId }, NullableParameters.Text(request.Source), NullableParameters.Text(coin.Id), time]),
            row => (IsAsked: row.GetBoolean(0), IsCoin: row.GetBoolean(1), IsListed: !row.IsDBNull(2), Quote: Quote.From(row)),
            currency, time, time, cancellationToken);
        var (exists, isListed) = (rows.Exists(row => row.IsAsked), rows.Exists(row => row.IsAsked && row.IsListed));
        var best = Choose(rows.Where(row => row.IsAsked).Select(row => row.Quote));
        var coinPrice = Choose(rows.Where(row => row.IsCoin).Select(row => row.Quote))?.Price;
        return new(exists, isListed, exists ? null : moved, best is null || Convert(best.Price) is not { } price ? null : new(
            assetId, request.Time.Value, best.At, price, Convert(best.MarketCap), Convert(best.Volume), currency, best.Source,
            best.ListingId, best.Level));

        double? Convert(double? amount) => NumberColumns.Finite(
            rates is null ? amount : coinPrice > 0 ? amount / coinPrice * coin.Units : amount * rates.At(time));
    }

    private static Quote? Choose(IEnumerable<Quote?> bestFirst)
    {
        var quotes = bestFirst.OfType<Quote>().ToList();
        return quotes.Find(quote => quote.At >= quotes.Max(other => other.At) - Tolerance);
    }

    private sealed record Quote(Guid ListingId, string Source, DateTime At, double Price, double? MarketCap, double? Volume, string Level)
    {
        public static Quote? From(NpgsqlDataReader row) => row.IsDBNull(4) ? null : new(
            row.GetGuid(2), row.GetString(3), row.GetDateTime(4), row.GetDouble(5), row.GetNumber(6), row.GetNumber(7), row.GetString(8));
    }
}

/// <summary>The result of <c>/assets/{id}/at</c>.</summary>
/// <param name="Exists">Whether there is such an asset.</param>
/// <param name="IsListed">Whether the requested source lists the asset.</param>
/// <param name="Moved">The asset that the id leads to.</param>
/// <param name="Price">The price; null if none is known.</param>
internal sealed record FoundPrice(bool Exists, bool IsListed, AssetMoved? Moved, PriceAtResponse? Price);
