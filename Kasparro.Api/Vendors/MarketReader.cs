using Kasparro.Api.Catalogue;
using Kasparro.Api.Postgres;
using Kasparro.Data;
using Npgsql;

namespace Kasparro.Api.Vendors;

/// <summary>
/// Reads assets with their prices, past prices and the rates of currencies, in one snapshot of Postgres and one round trip.
/// </summary>
internal sealed class MarketReader(PageRenderer renderer, CatalogueVersionTracker version)
{
    // Relative to the newest reading rather than to now, so that the same catalogue always gives the same changes.
    private const string PastRatesSql = """
        SELECT w.n::int, r.quoted_at, r.currency, r.per_bitcoin
        FROM unnest($1::interval[], $2::interval[]) WITH ORDINALITY AS w (age, tolerance, n)
        CROSS JOIN LATERAL (SELECT max(quoted_at) - w.age AS at FROM exchange_rates) AS newest
        JOIN exchange_rates r ON r.quoted_at = (SELECT max(quoted_at) FROM exchange_rates WHERE quoted_at <= newest.at
            AND quoted_at > newest.at - w.tolerance - interval '1 day')
        ORDER BY w.n
        """;

    /// <summary>Reads the rows of a selection.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public async Task<MarketPage> ReadAsync(MarketSelection selection)
    {
        var (found, pastRates) = await ReadAsync(
            selection.Windows, parameters => MarketSql.For(selection, parameters), MarketRow.From);
        var ids = selection.Currencies.Select(code => CurrencyRates.Coins.GetValueOrDefault(code).Id).OfType<string>().ToList();
        var coins = ids.Count == 0 || selection.Windows.Count == 0 ? null
            : await ReadAsync(new MarketSelection(SourceNames.CoinGecko, IsMirror: false) { Ids = ids, Windows = selection.Windows });
        return new(found.Stamp, found.Rates, pastRates, selection.Windows, found.Rows, coins?.Rows ?? []);
    }

    /// <summary>Finds the asset with an id; null if there is none.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public async Task<MarketRow?> FindAsync(string source, string id, bool isMirror) =>
        (await ReadAsync(new MarketSelection(source, isMirror) { Ids = [VendorParameters.Clean(id)] })).Rows.FirstOrDefault();

    /// <summary>Reads the rows of another statement, with the catalogue's state and the newest rates.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public async Task<SnapshotRows<T>> ReadAsync<T>(Func<SqlParameters, string> sql, Func<NpgsqlDataReader, T> from) =>
        (await ReadAsync([], sql, from)).Found;

    private Task<(SnapshotRows<T> Found, IReadOnlyList<CurrencyRates> PastRates)> ReadAsync<T>(
        IReadOnlyList<PastWindow> windows, Func<SqlParameters, string> sql, Func<NpgsqlDataReader, T> from) =>
        renderer.RunAsync(async (reading, connection, cancellationToken) =>
        {
            var parameters = new SqlParameters();
            var statement = sql(parameters);
            await using var batch = connection.CreateSnapshot(
                new(CatalogueStamp.Sql),
                new(CurrencyRates.Sql),
                new NpgsqlBatchCommand(PastRatesSql).With(
                    [windows.Select(window => window.Age).ToArray(), windows.Select(window => window.Tolerance).ToArray()]),
                parameters.For(statement));
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            var stamp = await CatalogueStamp.ReadAsync(reader, cancellationToken);
            await reader.NextResultAsync(cancellationToken);
            var rates = await CurrencyRates.ReadAsync(reader, cancellationToken);
            await reader.NextResultAsync(cancellationToken);
            var pastRates = await ReadPastRatesAsync(reader, windows.Count, cancellationToken);
            var rows = await reader.ReadNextAsync(from, cancellationToken);
            version.Complete(reading, stamp);
            return (new SnapshotRows<T>(stamp, rates, rows), pastRates);
        });

    private static async Task<IReadOnlyList<CurrencyRates>> ReadPastRatesAsync(NpgsqlDataReader reader, int count,
        CancellationToken cancellationToken)
    {
        var read = new List<CurrencyRate>[count];
        var times = new DateTime[count];
        while (await reader.ReadAsync(cancellationToken))
        {
            var index = reader.GetInt32(0) - 1;
            times[index] = reader.GetDateTime(1);
            (read[index] ??= []).Add(new(reader.GetString(2), "", "", "", reader.GetDouble(3)));
        }

        return [.. read.Select((rates, index) => rates is null ? CurrencyRates.None : new(times[index], rates))];
    }
}

/// <summary>Rows of one state of the catalogue, with the newest rates.</summary>
internal sealed record SnapshotRows<T>(CatalogueStamp Stamp, CurrencyRates Rates, IReadOnlyList<T> Rows);
