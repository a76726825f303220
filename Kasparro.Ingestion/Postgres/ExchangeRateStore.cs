using Kasparro.Data;
using Kasparro.Ingestion.Model;
using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Ingestion.Postgres;

/// <summary>The table <c>exchange_rates</c>: each reading that differs from the previous one.</summary>
internal static class ExchangeRateStore
{
    private const string Sql = """
        WITH sent AS (
            SELECT *
            FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::float8[]) AS k (currency, name, unit, kind, per_bitcoin)
        ), newest AS (
            SELECT currency, per_bitcoin FROM exchange_rates WHERE quoted_at = (SELECT max(quoted_at) FROM exchange_rates)
        )
        INSERT INTO exchange_rates (quoted_at, currency, name, unit, kind, per_bitcoin)
        SELECT $1, currency, name, unit, kind, per_bitcoin FROM sent
        WHERE EXISTS (SELECT currency, per_bitcoin FROM sent EXCEPT SELECT currency, per_bitcoin FROM newest)
        ON CONFLICT DO NOTHING
        """;

    /// <summary>Adds a reading, unless the newest one already has the same rates.</summary>
    /// <returns>Whether it was added.</returns>
    public static async Task<bool> InsertAsync(
        NpgsqlConnection connection, DateTimeOffset fetchedAt, IReadOnlyList<RateRecord> rates, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.AddValues(
        [
            fetchedAt, Parameters.Texts(rates.Select(rate => rate.Currency)), Parameters.Texts(rates.Select(rate => rate.Name)),
            Parameters.Texts(rates.Select(rate => rate.Unit)), Parameters.Texts(rates.Select(rate => rate.Kind)),
            Parameters.Column(rates, rate => rate.PerBitcoin, NpgsqlDbType.Double),
        ]);
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }
}
