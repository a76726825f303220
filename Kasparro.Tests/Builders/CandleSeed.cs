using System.Globalization;
using Kasparro.Data;
using Kasparro.Ingestion.Postgres;
using Npgsql;

namespace Kasparro.Tests.Builders;

/// <summary>Builds candles from quotes that a test inserted itself, without a run.</summary>
internal static class CandleSeed
{
    /// <summary>Creates a partition for quotes of any time.</summary>
    public static Task MakeRoomAsync(string catalogue, CancellationToken cancellationToken) =>
        CatalogueSeed.ExecuteAsync(catalogue, "CREATE TABLE quotes_any PARTITION OF quotes DEFAULT", cancellationToken);

    /// <summary>Builds the candles of all quotes; no day is closed.</summary>
    public static async Task RollUpAsync(string catalogue, CancellationToken cancellationToken)
    {
        await using var database = NpgsqlDataSource.Create(catalogue);
        await RollUpAsync(database, today: null, cancellationToken);
    }

    /// <summary>
    /// Drops hourly candles before one day, after rolling them up into daily ones, and quotes before another day, as retention does.
    /// </summary>
    public static Task DropAsync(string catalogue, DateOnly hoursFrom, DateOnly quotesFrom, CancellationToken cancellationToken)
    {
        var (hours, quotes) = (Midnight(hoursFrom), Midnight(quotesFrom));
        return CatalogueSeed.ExecuteAsync(
            catalogue,
            $"""
            SELECT roll_up_days(array_agg(listing_id), array_agg(day))
            FROM (SELECT DISTINCT listing_id, date_trunc('day', hour, 'UTC') AS day FROM hourly_candles WHERE hour < {hours}) AS days
            HAVING count(*) > 0;
            UPDATE candle_state SET days_until = {hours}, hours_from = {hours}, quotes_from = {quotes};
            DELETE FROM hourly_candles WHERE hour < {hours};
            DELETE FROM quotes WHERE quoted_at < {quotes};
            """,
            cancellationToken);
    }

    /// <summary>Builds the candles of all quotes, as the worker does at the end of a run.</summary>
    /// <param name="database">The database with the quotes.</param>
    /// <param name="today">The day before which all days are closed; null to leave that unchanged (initially, no day is closed).</param>
    /// <param name="cancellationToken">Cancels the statements.</param>
    public static async Task RollUpAsync(NpgsqlDataSource database, DateOnly? today, CancellationToken cancellationToken)
    {
        var weeks = new List<DateTimeOffset>();
        await using (var command = database.CreateCommand(
            """
            UPDATE candle_state SET days_until = coalesce($1::timestamp AT TIME ZONE 'UTC', days_until);
            """))
        {
            command.Parameters.Add(NullableParameters.From(today, NpgsqlTypes.NpgsqlDbType.Date));
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        await using (var command = database.CreateCommand("SELECT DISTINCT date_trunc('week', quoted_at, 'UTC') FROM quotes"))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                weeks.Add(reader.GetFieldValue<DateTimeOffset>(0));
            }
        }

        await new Partitions(database).EnsureAsync(Partitions.HourlyCandles, weeks, cancellationToken);
        await database.ExecuteAsync(
            """
            SELECT roll_up_candles(array_agg(listing_id), array_agg(first), array_agg(until)) FROM (
                SELECT listing_id, date_trunc('hour', min(quoted_at), 'UTC') AS first,
                       date_trunc('hour', max(quoted_at), 'UTC') + interval '1 hour' AS until
                FROM quotes GROUP BY listing_id, date_trunc('day', quoted_at, 'UTC')) AS parts
            """, cancellationToken);
    }

    private static string Midnight(DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"timestamptz '{day:yyyy-MM-dd} 00:00+00'");
}
