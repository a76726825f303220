using Kasparro.Data;
using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Ingestion.Postgres;

/// <summary>The candles and their state; the functions that make them are in <c>candles.sql</c>.</summary>
internal static class CandleStore
{
    private const string WorkSql = """
        SELECT hours_from, days_until FROM candle_state;
        SELECT run_id, source, quotes_from, quotes_until FROM ingestion_runs
        WHERE rolled_up_at IS NULL AND quotes_from IS NOT NULL AND status <> 'running' ORDER BY fencing_token, run_id
        """;

    private const string RunPartsSql = """
        SELECT listing_id, date_bin('1 hour', min(quoted_at), 'epoch'), date_bin('1 hour', max(quoted_at), 'epoch') + interval '1 hour',
               count(*)
        FROM quotes WHERE run_id = $1 AND quoted_at >= $2 AND quoted_at <= $3
        GROUP BY listing_id, date_bin('1 day', quoted_at, 'epoch') ORDER BY 1, 2
        """;

    private const string OpenDaysSql = """
        SELECT listing_id, date_bin('1 day', hour, 'epoch'), date_bin('1 day', hour, 'epoch'), count(*) FROM hourly_candles
        WHERE hour >= $1 AND hour < $2 GROUP BY 1, 2 ORDER BY 1, 2
        """;

    /// <summary>Reads the outstanding work.</summary>
    public static async Task<CandleWork> ReadWorkAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(WorkSql);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var (hoursFrom, daysUntil) = (reader.GetDateTime(0), reader.GetDateTime(1));
        var runs = new List<QuotedRun>();
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            runs.Add(new(reader.GetGuid(0), reader.GetString(1), reader.GetDateTime(2), reader.GetDateTime(3)));
        }

        return new(hoursFrom, daysUntil, runs);
    }

    /// <summary>
    /// Initialises the state at the first roll-up: days before today count as closed, and hourly candles are kept from a given time on.
    /// </summary>
    public static NpgsqlBatchCommand Begin(DateTime today, DateTime? hoursFrom) =>
        new("UPDATE candle_state SET days_until = $1, hours_from = coalesce($2, hours_from) WHERE days_until = '-infinity'")
        {
            Parameters = { new() { Value = today }, NullableParameters.From(hoursFrom, NpgsqlDbType.TimestampTz) },
        };

    /// <summary>Reopens the days from a given one on, and keeps hourly candles from there on.</summary>
    public static NpgsqlBatchCommand Reopen(DateTime day) =>
        new("UPDATE candle_state SET days_until = least(days_until, $1), hours_from = least(hours_from, $1)")
        {
            Parameters = { new() { Value = day } },
        };

    /// <summary>Selects the parts of days in which a run wrote quotes.</summary>
    public static NpgsqlCommand SelectParts(NpgsqlConnection connection, QuotedRun run) => new(RunPartsSql, connection)
    {
        CommandTimeout = 0, // A run may have written a hundred million quotes.
        Parameters = { new() { Value = run.RunId }, new() { Value = run.From }, new() { Value = run.Until } },
    };

    /// <summary>Selects the days that have hourly candles.</summary>
    public static NpgsqlCommand SelectDays(NpgsqlConnection connection, DateTime from, DateTime until) => new(OpenDaysSql, connection)
    {
        CommandTimeout = 0,
        Parameters = { new() { Value = from }, new() { Value = until } },
    };

    /// <summary>Makes the candles of day parts.</summary>
    public static NpgsqlBatchCommand RollUp(IReadOnlyCollection<CandlePart> parts) =>
        new NpgsqlBatchCommand("SELECT roll_up_candles($1, $2, $3)").With(
        [
            Parameters.Column(parts, part => part.ListingId, NpgsqlDbType.Uuid),
            Parameters.Column(parts, part => part.First, NpgsqlDbType.TimestampTz),
            Parameters.Column(parts, part => part.Until, NpgsqlDbType.TimestampTz),
        ]);

    /// <summary>Makes daily candles from hourly ones.</summary>
    public static NpgsqlBatchCommand RollUpDays(IReadOnlyCollection<CandlePart> days) =>
        new NpgsqlBatchCommand("SELECT roll_up_days($1, $2)").With(
        [
            Parameters.Column(days, day => day.ListingId, NpgsqlDbType.Uuid),
            Parameters.Column(days, day => day.First, NpgsqlDbType.TimestampTz),
        ]);

    /// <summary>Records that candles have been made from all of a run's quotes.</summary>
    public static NpgsqlBatchCommand MarkRolledUp(QuotedRun run, DateTimeOffset now) =>
        new("UPDATE ingestion_runs SET rolled_up_at = $2 WHERE run_id = $1")
        {
            Parameters = { new() { Value = run.RunId }, new() { Value = now } },
        };

    /// <summary>Records that the days before a time are in <c>daily_candles</c>.</summary>
    public static NpgsqlBatchCommand MoveDays(DateTime until) =>
        new("UPDATE candle_state SET days_until = $1") { Parameters = { new() { Value = until } } };
}

/// <summary>The outstanding work on candles. <see cref="DateTime.MinValue"/> stands for no time.</summary>
/// <param name="HoursFrom">The time from which hourly candles are kept.</param>
/// <param name="DaysUntil">The time before which daily candles have been made.</param>
/// <param name="Runs">The runs whose quotes are not yet in candles.</param>
internal sealed record CandleWork(DateTime HoursFrom, DateTime DaysUntil, IReadOnlyList<QuotedRun> Runs);

/// <summary>A run that wrote quotes.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Source">Its source.</param>
/// <param name="From">The time of the earliest quote.</param>
/// <param name="Until">The time of the latest quote.</param>
internal sealed record QuotedRun(Guid RunId, string Source, DateTime From, DateTime Until);

/// <summary>A part of a listing's day in whole hours, UTC.</summary>
/// <param name="ListingId">The listing.</param>
/// <param name="First">Its first hour.</param>
/// <param name="Until">The hour after its last.</param>
/// <param name="Rows">The minimum number of quotes, or hourly candles, from which it is made.</param>
internal readonly record struct CandlePart(Guid ListingId, DateTime First, DateTime Until, long Rows)
{
    /// <summary>Whether both parts belong to the same listing and month.</summary>
    public bool IsOfMonthOf(CandlePart other) =>
        ListingId == other.ListingId && First.Year == other.First.Year && First.Month == other.First.Month;
}
