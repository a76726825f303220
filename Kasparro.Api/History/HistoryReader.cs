using Kasparro.Api.Assets;
using Kasparro.Api.Catalogue;
using Kasparro.Api.Http;
using Kasparro.Api.Postgres;
using Kasparro.Data;
using Npgsql;

namespace Kasparro.Api.History;

/// <summary>Reads the candles of assets, each from the best of the asset's listings that has data in the interval.</summary>
internal sealed class HistoryReader(NpgsqlDataSource catalogue, CatalogueDeadline deadline, TimeProvider time)
{
    // No candle is older than bitcoin, or much newer than now; PostgreSQL would take times further away for infinite.
    private static readonly DateTime Earliest = new(2000, 1, 3, 0, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime Latest = new(2200, 1, 6, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Reads an asset's history, or finds out what the id is if there is nothing to read.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    /// <exception cref="InvalidParameterException">The currency has no rate.</exception>
    public Task<FoundHistory> ReadAsync(Guid assetId, HistoryWindow window, CancellationToken cancellationToken) =>
        deadline.RunAsync(
            async token =>
            {
                await using var connection = await catalogue.OpenConnectionAsync(token);
                var found = await FindAsync(connection, [assetId], window, token);
                var listing = found.Listings.Find(candidate => candidate.AssetId == assetId && candidate.IsAsked);
                if (listing?.Source is null)
                {
                    return new FoundHistory(listing is not null, listing is null ? found.Moved : null, History: null);
                }

                var points = (await ReadCandlesAsync(connection, found, window, token)).GetValueOrDefault(assetId, []);
                return new(true, null, new(
                    assetId, listing.Source, listing.ListingId, window.Interval.Name, window.From, window.To, window.Currency, points,
                    window.FindGaps(points, time.GetUtcNow().UtcDateTime)));
            },
            cancellationToken);

    /// <summary>Reads the candles of several assets, by their ids.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    /// <exception cref="InvalidParameterException">The currency has no rate.</exception>
    public Task<IReadOnlyDictionary<Guid, IReadOnlyList<Candle>>> ReadManyAsync(
        IReadOnlyList<Guid> assetIds, HistoryWindow window, CancellationToken cancellationToken) =>
        deadline.RunAsync(
            async token =>
            {
                await using var connection = await catalogue.OpenConnectionAsync(token);
                var found = await FindAsync(connection, [.. assetIds.Distinct()], window, token);
                return (IReadOnlyDictionary<Guid, IReadOnlyList<Candle>>)await ReadCandlesAsync(connection, found, window, token);
            },
            cancellationToken);

    private static async Task<Found> FindAsync(
        NpgsqlConnection connection, Guid[] assetIds, HistoryWindow window, CancellationToken cancellationToken)
    {
        var coin = CurrencyRates.Coins.GetValueOrDefault(window.Currency).Id;
        var (moved, listings, rates) = await ReadAsync(
            connection, assetIds[0], HistorySql.SelectListings(assetIds, window.Source, coin),
            row => row.IsDBNull(1)
                ? new Listing(row.GetGuid(0), default, Source: null, row.GetBoolean(3), row.GetBoolean(4))
                : new(row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.GetBoolean(3), row.GetBoolean(4)),
            window.Currency, window.From, window.To, cancellationToken);
        return new(moved, listings, rates);
    }

    /// <summary>
    /// Reads, in one snapshot and one round trip, where an id is redirected, the rows of a statement, and the rates of a currency over a
    /// time; null for the dollar.
    /// </summary>
    /// <exception cref="InvalidParameterException">The currency has no rate.</exception>
    internal static async Task<(AssetMoved? Moved, List<T> Rows, PastRates? Rates)> ReadAsync<T>(
        NpgsqlConnection connection, Guid assetId, NpgsqlBatchCommand rows, Func<NpgsqlDataReader, T> read, string currency, DateTime from,
        DateTime to, CancellationToken cancellationToken)
    {
        var isDollar = currency == CurrencyRates.Usd;
        await using var batch = connection.CreateSnapshot(
        [
            new NpgsqlBatchCommand(AssetReader.MovedSql).With([assetId]), rows,
            .. isDollar ? (NpgsqlBatchCommand[])[] : [PastRates.For(currency, Clamp(from), Clamp(to)), new(CurrencyRates.Sql)],
        ]);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var moved = await reader.ReadAllAsync(AssetReader.ReadMoved, cancellationToken);
        var found = await reader.ReadNextAsync(read, cancellationToken);
        if (isDollar)
        {
            return (moved.SingleOrDefault(), found, null);
        }

        await reader.NextResultAsync(cancellationToken);
        var rates = await PastRates.ReadAsync(reader, cancellationToken);
        if (rates.IsEmpty)
        {
            await reader.NextResultAsync(cancellationToken);
            var known = await CurrencyRates.ReadAsync(reader, cancellationToken);
            throw new InvalidParameterException(CurrencyCode.Name, $"must be one of {string.Join(", ", known.Codes)}");
        }

        return (moved.SingleOrDefault(), found, rates);
    }

    private static async Task<Dictionary<Guid, IReadOnlyList<Candle>>> ReadCandlesAsync(
        NpgsqlConnection connection, Found found, HistoryWindow window, CancellationToken cancellationToken)
    {
        var listings = found.Listings.FindAll(listing => listing.Source is not null);
        var assets = listings.Select(listing => listing.AssetId).Distinct().ToList();
        var candles = assets.ToDictionary(asset => asset, _ => new List<Candle>());
        await using var command = new NpgsqlCommand(HistorySql.Candles(window.Interval), connection);
        command.Parameters.AddValues(
        [
            listings.ConvertAll(listing => listing.ListingId), listings.ConvertAll(listing => assets.IndexOf(listing.AssetId)),
            Clamp(window.From), Clamp(window.To), window.Interval.Length, HistoryInterval.Origin,
        ]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            candles[assets[reader.GetInt32(0)]].Add(new(
                reader.GetDateTime(2), reader.GetDouble(3), reader.GetDouble(4), reader.GetDouble(5), reader.GetDouble(6),
                reader.GetNumber(7), reader.GetNumber(8), reader.GetInt64(9), listings[(int)reader.GetInt64(1) - 1].Source!));
        }

        var coin = found.Listings.Find(listing => listing.IsCoin)?.AssetId;
        var prices = coin is { } id && candles.TryGetValue(id, out var own) ? own.ToDictionary(candle => candle.Time) : [];
        var currency = new HistoryCurrency(found.Rates, prices, CurrencyRates.Coins.GetValueOrDefault(window.Currency).Units);
        return found.Listings.Where(listing => listing.IsAsked).Select(listing => listing.AssetId).Distinct()
            .ToDictionary(asset => asset, asset => currency.Convert(candles.GetValueOrDefault(asset, []), window.Interval.Length));
    }

    /// <summary>Limits a time to the range that PostgreSQL does not take for infinite.</summary>
    internal static DateTime Clamp(DateTime time) => time < Earliest ? Earliest : time > Latest ? Latest : time;

    private sealed record Listing(Guid AssetId, Guid ListingId, string? Source, bool IsAsked, bool IsCoin);

    private sealed record Found(AssetMoved? Moved, List<Listing> Listings, PastRates? Rates);
}

/// <summary>The result of <c>/assets/{id}/history</c>.</summary>
/// <param name="Exists">Whether there is such an asset. If it has no history, the requested source does not list it.</param>
/// <param name="Moved">The asset that the id leads to.</param>
/// <param name="History">The candles.</param>
internal sealed record FoundHistory(bool Exists, AssetMoved? Moved, HistoryResponse? History);
