using Kasparro.Api.Catalogue;
using Kasparro.Api.History;
using Kasparro.Api.Postgres;
using Kasparro.Data;
using Npgsql;

namespace Kasparro.Api.Vendors;

/// <summary>
/// Reads one asset's history in a currency, as points (one for each interval, and the newest) or as candles. Each comes from the best of
/// the asset's listings that has data in the interval.
/// </summary>
internal sealed class ChartReader(PageRenderer renderer)
{
    private static readonly DateTime Never = new(2200, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    // Where quotes and hours begin, and where days end; before that, the next coarser level is used.
    private const string StateSql = """
        SELECT greatest(quotes_from, 'epoch'), greatest(hours_from, 'epoch'), greatest(days_until, 'epoch') FROM candle_state
        """;

    // Quotes, hours before those, and days before those. $1: the listings, the best first; $2 and $3: the start and the end; $4 and $5:
    // where quotes and hours begin.
    private const string Parts = $"""
        SELECT array_position($1, listing_id) AS place, quoted_at AS opened_at, quoted_at AS closed_at,
               price_usd AS open, price_usd AS high, price_usd AS low, price_usd AS close, market_cap_usd AS cap, volume_24h_usd AS volume
        FROM quotes WHERE listing_id = ANY ($1) AND quoted_at >= greatest($2, $4) AND quoted_at <= $3 AND {HistorySql.IsPrice}
        UNION ALL
        SELECT * FROM (
            SELECT array_position($1, listing_id), hour + opened_ms * interval '1 ms' AS opened_at, hour + closed_ms * interval '1 ms',
                   open, high, low, close, market_cap_usd, volume_24h_usd
            FROM hourly_candles
            WHERE listing_id = ANY ($1) AND hour >= greatest($2 - interval '1 hour', $5) AND hour <= $3 AND hour < $4) AS hours
        WHERE opened_at >= $2 AND opened_at <= $3
        UNION ALL
        SELECT * FROM (
            SELECT array_position($1, listing_id), day + opened_minute[n] * interval '1 minute' AS opened_at,
                   day + closed_minute[n] * interval '1 minute', open[n], high[n], low[n], close[n], market_cap_usd[n], volume_24h_usd[n]
            FROM daily_candles CROSS JOIN LATERAL generate_series(1, cardinality(quotes)) AS n CROSS JOIN LATERAL (
                SELECT (month + n - 1)::timestamp AT TIME ZONE 'UTC' AS day) AS days
            WHERE listing_id = ANY ($1) AND month > $2 AT TIME ZONE 'UTC' - interval '1 month' AND month <= $3 AT TIME ZONE 'UTC'
              AND day < least($4, $5) AND quotes[n] IS NOT NULL) AS days
        WHERE opened_at >= $2 AND opened_at <= $3
        """;

    private const string PointsSql = $"""
        WITH parts AS MATERIALIZED ({Parts}), last AS (
            SELECT * FROM parts WHERE place = (SELECT place FROM parts ORDER BY date_bin($6, opened_at, $7) DESC, place LIMIT 1)
            ORDER BY closed_at DESC LIMIT 1)
        SELECT date_bin($6, opened_at, $7), opened_at, open, cap, volume, close FROM (
            SELECT *, row_number() OVER (PARTITION BY date_bin($6, opened_at, $7) ORDER BY place, opened_at) AS n FROM parts) AS numbered
        WHERE n = 1
        UNION ALL
        SELECT date_bin($6, opened_at, $7), closed_at, close, cap, volume, close FROM last
        WHERE closed_at <= $3 AND closed_at > (
            SELECT min(opened_at) FROM parts
            WHERE place = last.place AND date_bin($6, parts.opened_at, $7) = date_bin($6, last.opened_at, $7))
        ORDER BY 2
        """;

    private const string CandlesSql = $"""
        SELECT DISTINCT ON (begins) date_bin($6, opened_at, $7) AS begins,
               (array_agg(open ORDER BY opened_at))[1], max(high), min(low),
               (array_agg(close ORDER BY closed_at DESC))[1], (array_agg(cap ORDER BY closed_at DESC))[1],
               (array_agg(volume ORDER BY closed_at DESC))[1]
        FROM ({Parts}) AS parts GROUP BY begins, place ORDER BY begins, place
        """;

    /// <summary>
    /// Reads the first point of each interval, and the newest one. Points whose price does not fit into a double are left out.
    /// </summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    /// <exception cref="VendorException">The currency has no rate.</exception>
    public async Task<IReadOnlyList<ChartPoint>> ReadAsync(ChartQuery query)
    {
        // A candle has the market capitalisation at its last price only; at its first it is scaled by the price, as supplies hardly change.
        var (points, ofCoin, rates) = await QueryAsync(query, PointsSql, row => new ChartPoint(
            row.GetDateTime(0), row.GetDateTime(1), row.GetDouble(2), row.GetNumber(3) * (row.GetDouble(2) / row.GetDouble(5)),
            row.GetNumber(4)));
        var (coin, units) = (ofCoin.ToLookup(point => point.Begins), CurrencyRates.Coins.GetValueOrDefault(query.Currency).Units);
        return
        [
            .. points.GroupBy(point => point.Begins).SelectMany(interval => interval.Select((point, number) =>
            {
                // The first price of an interval is converted by the coin's first, and the newest price by its newest.
                var price = coin[interval.Key].Take(number + 1).LastOrDefault()?.Price;
                return point with
                {
                    Price = Convert(point.Price) ?? double.NaN,
                    MarketCap = Convert(point.MarketCap),
                    Volume = Convert(point.Volume),
                };

                double? Convert(double? amount) => NumberColumns.Finite(
                    rates is null ? amount : price > 0 ? amount / price * units : amount * rates.At(point.At));
            })).Where(point => double.IsFinite(point.Price)),
        ];
    }

    /// <summary>Reads the candles. Candles whose prices do not fit into a double are left out.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    /// <exception cref="VendorException">The currency has no rate.</exception>
    public async Task<IReadOnlyList<Candle>> ReadCandlesAsync(ChartQuery query)
    {
        var (candles, coin, rates) = await QueryAsync(query, CandlesSql, row => new Candle(
            row.GetDateTime(0), row.GetDouble(1), row.GetDouble(2), row.GetDouble(3), row.GetDouble(4), row.GetNumber(5), row.GetNumber(6),
            Quotes: 1, Source: ""));
        var units = CurrencyRates.Coins.GetValueOrDefault(query.Currency).Units;
        return new HistoryCurrency(rates, coin.ToDictionary(candle => candle.Time), units).Convert(candles, query.Interval);
    }

    // The rows of the asset and, if the currency is a coin, those of the coin: its rates are read once a day, its prices all the time.
    private Task<(List<T> Rows, List<T> OfCoin, PastRates? Rates)> QueryAsync<T>(
        ChartQuery query, string sql, Func<NpgsqlDataReader, T> read) =>
        renderer.RunAsync(async (_, connection, cancellationToken) =>
        {
            var (listings, quotesFrom, hoursFrom, rates) = await FindAsync(query, connection, cancellationToken);
            var rows = await ReadAsync(isCoin: false);
            return (rows, rates is not null && listings.Exists(listing => listing.IsCoin) ? await ReadAsync(isCoin: true) : [], rates);

            async Task<List<T>> ReadAsync(bool isCoin)
            {
                var ids = listings.Where(listing => isCoin ? listing.IsCoin : listing.IsAsked).Select(listing => listing.Id);
                await using var command = new NpgsqlCommand(sql, connection);
                command.Parameters.AddValues(
                    [ids.OfType<Guid>().ToArray(), query.From, query.To, quotesFrom, hoursFrom, query.Interval, HistoryInterval.Origin]);
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                return await reader.ReadAllAsync(read, cancellationToken);
            }
        });

    private static async Task<(
        List<(Guid? Id, bool IsAsked, bool IsCoin)> Listings, DateTime QuotesFrom, DateTime HoursFrom, PastRates? Rates)> FindAsync(
        ChartQuery query, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = connection.CreateSnapshot(
            HistorySql.SelectListings([query.AssetId], query.Source, CurrencyRates.Coins.GetValueOrDefault(query.Currency).Id),
            new(StateSql),
            PastRates.For(query.Currency, query.From, query.To));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var listings = await reader.ReadAllAsync(
            row => (row.GetFieldValue<Guid?>(1), row.GetBoolean(3), row.GetBoolean(4)), cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);

        // A level that the interval does not need never begins: whole days only need today's hours, and whole hours need no quotes.
        var (quotesFrom, hoursFrom) =
            query.Interval.Ticks % TimeSpan.TicksPerDay == 0 ? (Never, reader.GetDateTime(2))
            : query.Interval.Ticks % TimeSpan.TicksPerHour == 0 ? (Never, reader.GetDateTime(1))
            : (reader.GetDateTime(0), reader.GetDateTime(1));
        await reader.NextResultAsync(cancellationToken);
        var rates = query.Currency == CurrencyRates.Usd ? null : await PastRates.ReadAsync(reader, cancellationToken);
        return rates is { IsEmpty: true }
            ? throw new VendorException(StatusCodes.Status422UnprocessableEntity, "invalid vs_currency")
            : (listings, quotesFrom, hoursFrom, rates);
    }
}

/// <summary>The part of a history that a request asks for.</summary>
/// <param name="AssetId">The asset's id.</param>
/// <param name="Source">The only source of the quotes; null for all.</param>
/// <param name="From">The start, UTC.</param>
/// <param name="To">The end, UTC, included.</param>
/// <param name="Interval">The time that each point or candle covers.</param>
/// <param name="Currency">The currency, in lower case.</param>
internal sealed record ChartQuery(Guid AssetId, string? Source, DateTime From, DateTime To, TimeSpan Interval, string Currency);

/// <summary>A quote with the volume of 24 hours and the beginning of its interval, UTC.</summary>
internal sealed record ChartPoint(DateTime Begins, DateTime At, double Price, double? MarketCap, double? Volume);
