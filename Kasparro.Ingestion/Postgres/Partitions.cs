using System.Collections.Concurrent;
using System.Globalization;
using Kasparro.Data;
using Npgsql;

namespace Kasparro.Ingestion.Postgres;

/// <summary>
/// Makes the partitions that rows need before they arrive: weeks from Monday, UTC, or days. Idempotent, and safe while other workers do
/// the same. A partition is made as a table of its own and then attached, which waits for no reader and lets none wait, as
/// <c>CREATE TABLE … PARTITION OF</c> would.
/// </summary>
internal sealed class Partitions(NpgsqlDataSource dataSource)
{
    public const string Quotes = "quotes";
    public const string HourlyCandles = "hourly_candles";
    public const string RawPages = "raw_pages";

    /// <summary>
    /// The one partition of the quotes before the weeks: a file may bring years of them, a dormant coin's quote is years old, and most are
    /// kept only until they are in candles.
    /// </summary>
    public const string QuotesBefore = "quotes_before";

    /// <summary>How far the weeks go back when the first ingestion begins.</summary>
    private static readonly TimeSpan WeeksBack = TimeSpan.FromDays(28);

    private static readonly Dictionary<string, int> DaysEach = new(StringComparer.Ordinal)
    {
        [Quotes] = 7,
        [HourlyCandles] = 7,
        [RawPages] = 1,
    };

    private readonly ConcurrentDictionary<(string Table, DateTimeOffset Start), bool> _known = new();

    /// <summary>The start of the table's partition that a time falls into.</summary>
    public static DateTimeOffset GetStart(string table, DateTimeOffset time)
    {
        var day = time.UtcTicks / TimeSpan.TicksPerDay; // The calendar of .NET begins on a Monday.
        return new((day - (day % DaysEach[table])) * TimeSpan.TicksPerDay, TimeSpan.Zero);
    }

    /// <summary>Asks the database again from now on: another worker may have dropped what this one knows.</summary>
    public void Forget() => _known.Clear();

    /// <summary>Ensures that every table has the partitions of now and of the time after, before they are needed.</summary>
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

    /// <summary>The partitions of a table in order; a default partition has no bounds, and is not among them.</summary>
    public static async Task<List<Partition>> ReadAsync(NpgsqlConnection connection, string table, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT name, first, until FROM ({Bounds(table)}) AS bounds ORDER BY first", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAllAsync(row => new Partition(row.GetString(0), row.GetDateTime(1), row.GetDateTime(2)), cancellationToken);
    }

    /// <summary>The statement that makes <see cref="QuotesBefore"/>, up to a time.</summary>
    public static string CreateBefore(DateTimeOffset until) => Attach(Quotes, QuotesBefore, "MINVALUE", Literal(until));

    /// <summary>The partitions of a table with their bounds; MINVALUE is -infinity.</summary>
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

    /// <summary>Makes the partition of the quotes before the weeks, up to a time, or up to the first partition that is there.</summary>
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
        // One implicit transaction: the advisory lock keeps two workers from making the same partition at once.
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
/// <param name="Name">Its name, quoted where it has to be.</param>
/// <param name="First">The time of its first row; <see cref="DateTime.MinValue"/> for none.</param>
/// <param name="Until">The time that its rows are before; <see cref="DateTime.MaxValue"/> for none.</param>
internal sealed record Partition(string Name, DateTime First, DateTime Until);
