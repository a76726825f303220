using System.Globalization;
using Npgsql;

namespace Kasparro.Tests.Builders;

/// <summary>Makes candles of seeded quotes, and drops what retention would drop.</summary>
internal static class CandleSeed
{
    /// <summary>Makes room for quotes and candles of any time.</summary>
    public static Task MakeRoomAsync(string catalogue, CancellationToken cancellationToken) => ExecuteAsync(
        catalogue,
        """
        CREATE TABLE quotes_any PARTITION OF quotes DEFAULT;
        CREATE TABLE hourly_candles_any PARTITION OF hourly_candles DEFAULT;
        """,
        cancellationToken);

    /// <summary>Makes candles of all quotes that are there.</summary>
    public static Task RollUpAsync(string catalogue, CancellationToken cancellationToken) => ExecuteAsync(
        catalogue,
        """
        SELECT roll_up_candles(array_agg(listing_id), array_agg(day), array_agg(day + interval '24 hours'))
        FROM (SELECT DISTINCT listing_id, date_trunc('day', quoted_at, 'UTC') AS day FROM quotes) AS days HAVING count(*) > 0
        """,
        cancellationToken);

    /// <summary>Drops hours of before a day, which are days then, and quotes of before another.</summary>
    public static Task DropAsync(string catalogue, DateOnly hoursFrom, DateOnly quotesFrom, CancellationToken cancellationToken)
    {
        var (hours, quotes) = (Midnight(hoursFrom), Midnight(quotesFrom));
        return ExecuteAsync(
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

    private static string Midnight(DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"timestamptz '{day:yyyy-MM-dd} 00:00+00'");

    private static async Task ExecuteAsync(string catalogue, string sql, CancellationToken cancellationToken)
    {
        await using var database = NpgsqlDataSource.Create(catalogue);
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
