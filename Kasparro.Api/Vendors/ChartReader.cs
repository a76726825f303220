using Kasparro.Api.Catalogue;
using Kasparro.Api.History;
using Kasparro.Api.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Api.Vendors;

/// <summary>Reads the points of one asset's history, one an interval and the newest, in a currency.</summary>
internal sealed class ChartReader(PageRenderer renderer)
{
    private const string PointsSql = $"""
        WITH listing AS MATERIALIZED ({HistoryReader.ListingSql})
        SELECT begins, quoted_at, price_usd, market_cap_usd, volume_24h_usd
        FROM (SELECT q.*, date_bin($3, q.quoted_at, $4) AS begins, max(q.quoted_at) OVER () AS newest,
                     row_number() OVER (PARTITION BY date_bin($3, q.quoted_at, $4) ORDER BY q.quoted_at) AS n
              FROM quotes q
              WHERE q.listing_id = (SELECT listing_id FROM listing) AND q.quoted_at >= $5 AND q.quoted_at <= $6
                AND q.price_usd > '-infinity' AND q.price_usd < 'infinity') AS quoted
        WHERE n = 1 OR quoted_at = newest ORDER BY quoted_at
        """;

    private const string RatesSql = """
        SELECT r.quoted_at, r.per_bitcoin / d.per_bitcoin
        FROM exchange_rates r JOIN exchange_rates d ON d.quoted_at = r.quoted_at AND d.currency = 'usd'
        WHERE r.currency = $1 AND r.quoted_at <= $2 ORDER BY r.quoted_at
        """;

    /// <summary>Reads the points.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not answer in time.</exception>
    /// <exception cref="VendorException">The currency has no rate.</exception>
    public Task<IReadOnlyList<ChartPoint>> ReadAsync(ChartQuery query) => renderer.RunAsync(async (_, connection, cancellationToken) =>
    {
        var isDollar = query.Currency == CurrencyRates.Usd;
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(DataSql.Begin),
                new(RatesSql) { Parameters = { new() { Value = query.Currency }, new() { Value = query.To } } },
                new(PointsSql)
                {
                    Parameters =
                    {
                        new() { Value = query.AssetId },
                        new() { Value = (object?)query.Source ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                        new() { Value = query.Interval },
                        new() { Value = HistoryInterval.Origin },
                        new() { Value = query.From },
                        new() { Value = query.To },
                    },
                },
                new(DataSql.Commit),
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var rates = new List<(DateTime At, double PerDollar)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rates.Add((reader.GetDateTime(0), reader.GetDouble(1)));
        }

        if (rates.Count == 0 && !isDollar)
        {
            throw new VendorException(StatusCodes.Status422UnprocessableEntity, "invalid vs_currency");
        }

        await reader.NextResultAsync(cancellationToken);
        var points = new List<ChartPoint>();
        var rate = 0;
        while (await reader.ReadAsync(cancellationToken))
        {
            var at = reader.GetDateTime(1);
            while (rate + 1 < rates.Count && rates[rate + 1].At <= at)
            {
                rate++;
            }

            // A price of before the first reading is converted by that.
            var factor = isDollar ? 1 : rates[rate].PerDollar;
            points.Add(new(reader.GetDateTime(0), at, reader.GetDouble(2) * factor, reader.GetNumber(3) * factor,
                reader.GetNumber(4) * factor));
        }

        return (IReadOnlyList<ChartPoint>)points;
    });
}

/// <summary>The points that a request asks for.</summary>
/// <param name="AssetId">The asset.</param>
/// <param name="Source">The source of the quotes; null for that of the asset's price.</param>
/// <param name="From">The start, UTC.</param>
/// <param name="To">The end, UTC, included.</param>
/// <param name="Interval">One point each.</param>
/// <param name="Currency">The currency, in lower case.</param>
internal sealed record ChartQuery(Guid AssetId, string? Source, DateTime From, DateTime To, TimeSpan Interval, string Currency);

/// <summary>A quote in a currency.</summary>
/// <param name="Begins">When its interval begins, UTC.</param>
/// <param name="At">When it was true, UTC.</param>
/// <param name="Price">The price.</param>
/// <param name="MarketCap">The market capitalisation.</param>
/// <param name="Volume">The volume of 24 hours.</param>
internal sealed record ChartPoint(DateTime Begins, DateTime At, double Price, double? MarketCap, double? Volume);
