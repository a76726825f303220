using System.Collections.Concurrent;
using System.Globalization;
using Kasparro.Data;
using Npgsql;

namespace Kasparro.Ingestion.Postgres;

/// <summary>
/// Creates the partitions that rows need before they arrive: weeks from Monday, UTC, or days. Idempotent, and safe while other workers do
/// the same. A partition is created as a separate table and then attached, which neither waits for readers nor blocks them, unlike
/// <c>CREATE TABLE … PARTITION OF</c>.
/// </summary>
internal sealed class Partitions(NpgsqlDataSource dataSource)
{
    public const string Quotes = "quotes";
    public const string HourlyCandles = "hourly_candles";
    public const string RawPages = "raw_pages";

    /// <summary>
    /// The single partition of all quotes before the weekly partitions: a file may contain years of quotes, a dormant coin's quote is years
    /// old, and most are kept only until they are in candles.
    /// </summary>
    public const string QuotesBefore = "quotes_before";

    /// <summary>How far the weekly partitions go back when the first ingestion begins.</summary>
    private static readonly TimeSpan WeeksBack = TimeSpan.FromDays(28);

    private static readonly Dictionary<string, int> DaysEach = new(StringComparer.Ordinal)
    {
        [Quotes] = 7,
        [HourlyCandles] = 7,
        [RawPages] = 1,
    };

    private readonly ConcurrentDictionary<(string Table, DateTimeOffset Start), bool> _known = new();

    /// <summary>Returns the start of the table's partition that a time falls into.</summary>
    public static DateTimeOffset GetStart(string table, DateTimeOffset time)
    {
        var day = time.UtcTicks / TimeSpan.TicksPerDay; // .NET's calendar begins on a Monday.
        return new((day - (day % DaysEach[table])) * TimeSpan.TicksPerDay, TimeSpan.Zero);
    }

    /// <summary>
    /// Forgets which partitions are known to exist, because another worker may have dropped some; the database is asked again.
    /// </summary>
    public void Forget() => _known.Clear();

    /// <summary>Ensures that every table has its current and its next partition.</summary>
    public async Task EnsureAheadAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await CreateBeforeAsync(GetStart(Quotes, now - WeeksBack), cancellationToken);
        foreach (var (table, days) in DaysEach)
        {
            await EnsureAsync(table, [now, now.AddDays(days)], cancellationToken);
        }
    }

    /// <summary>Ensures that <paramref name="table"/> has a partition for each time.</summary>
    public async Task EnsureAsync(string table, IEnumerable<DateTimeOffset> times, CancellationToken cancellationToken)
    {
        foreach (var start in times.Select(time => GetStart(table, time)).Distinct())
        {
            if (!_known.ContainsKey((table, start)))
            {
                await CreateAsync(table, start, start.AddDays(DaysEach[table]), cancellationToken);
                _known.TryAdd((table, start), true);
            }
        }
    }

    /// <summary>Reads the partitions of a table in order. A default partition has no bounds, and is not included.</summary>
    public static async Task<List<Partition>> ReadAsync(NpgsqlConnection connection, string table, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT name, first, until FROM ({Bounds(table)}) AS bounds ORDER BY first", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAllAsync(row => new Partition(row.GetString(0), row.GetDateTime(1), row.GetDateTime(2)), cancellationToken);
    }

    /// <summary>Returns the statement that creates <see cref="QuotesBefore"/>, up to a time.</summary>
    public static string CreateBefore(DateTimeOffset until) => Attach(Quotes, QuotesBefore, "MINVALUE", Literal(until));

    /// <summary>The query for the partitions of a table with their bounds; MINVALUE is -infinity.</summary>
    private static string Bounds(string table) => $"""
        SELECT c.oid::regclass::text AS name,
               coalesce(substring(b.text FROM 'FROM \(''([^'']+)''\)')::timestamptz, '-infinity') AS first,
               coalesce(substring(b.text FROM 'TO \(''([^'']+)''\)')::timestamptz, 'infinity') AS until
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        CROSS JOIN LATERAL (SELECT pg_get_expr(c.relpartbound, c.oid) AS text) AS b
        WHERE i.inhparent = '{table}'::regclass AND b.text LIKE 'FOR VALUES%'
        """;

    private static string Literal(DateTimeOffset time) =>
        string.Create(CultureInfo.InvariantCulture, $"'{time.UtcDateTime:yyyy-MM-dd} 00:00:00+00'");

    private static string Attach(string table, string name, string first, string until) => $"""
        CREATE TABLE IF NOT EXISTS {name} (LIKE {table} INCLUDING ALL);
        ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM ({first}) TO ({until});
        """;

    /// <summary>
    /// Creates the partition of the quotes before the weekly partitions, up to a time, unless a partition already begins before that.
    /// </summary>
    private async Task CreateBeforeAsync(DateTimeOffset until, CancellationToken cancellationToken)
    {
        if (_known.ContainsKey((QuotesBefore, DateTimeOffset.MinValue)))
        {
            return;
        }

        await using (var connection = await dataSource.OpenConnectionAsync(cancellationToken))
        {
            var first = (await ReadAsync(connection, Quotes, cancellationToken)).FirstOrDefault();
            if (first is null || first.First > until.UtcDateTime)
            {
                await ExecuteAsync(QuotesBefore, $"""
                    IF NOT EXISTS (SELECT FROM ({Bounds(Quotes)}) AS bounds WHERE first < {Literal(until)}) THEN
                        {CreateBefore(until)}
                    END IF;
                    """, cancellationToken);
            }
        }

        _known.TryAdd((QuotesBefore, DateTimeOffset.MinValue), true);
    }

    private Task CreateAsync(string table, DateTimeOffset first, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{table}_{first.UtcDateTime:yyyy_MM_dd}");
        return ExecuteAsync(name, $"""
            IF NOT EXISTS (SELECT FROM ({Bounds(table)}) AS bounds WHERE first <= {Literal(first)} AND until >= {Literal(until)}) THEN
                {Attach(table, name, Literal(first), Literal(until))}
            END IF;
            """, cancellationToken);
    }

    private async Task ExecuteAsync(string name, string make, CancellationToken cancellationToken)
    {
        // One implicit transaction: the advisory lock keeps two workers from creating the same partition at once.
        await using var command = dataSource.CreateCommand($"""
            SELECT set_config('lock_timeout', '2s', true), pg_advisory_xact_lock(hashtext('{name}'));
            DO $make$ BEGIN
                {make}
            END $make$;
            """);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>A partition.</summary>
/// <param name="Name">Its name, quoted if necessary.</param>
/// <param name="First">The inclusive lower bound of its rows' times; <see cref="DateTime.MinValue"/> if there is none.</param>
/// <param name="Until">The exclusive upper bound of its rows' times; <see cref="DateTime.MaxValue"/> if there is none.</param>
internal sealed record Partition(string Name, DateTime First, DateTime Until);
