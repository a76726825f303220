using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;

namespace Kasparro.Ingestion.Postgres;

/// <summary>
/// Makes the monthly partitions that rows need before they arrive. Idempotent, and safe while other workers do the same. A partition is
/// made as a table of its own and then attached, which waits for no reader and lets none wait, as
/// <c>CREATE TABLE … PARTITION OF</c> would.
/// </summary>
internal sealed class Partitions(NpgsqlDataSource dataSource)
{
    private static readonly string[] Tables = ["quotes", "raw_records"];

    private readonly ConcurrentDictionary<(string Table, int Month), bool> _known = new();

    /// <summary>Asks the database again from now on: another worker may have dropped what this one knows.</summary>
    public void Forget() => _known.Clear();

    /// <summary>Ensures that every table has the partitions of this month (UTC) and of the next, before they are needed.</summary>
    public async Task EnsureAheadAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var table in Tables)
        {
            await EnsureAsync(table, [now, now.AddMonths(1)], cancellationToken);
        }
    }

    /// <summary>Ensures that <paramref name="table"/> has a partition for the month (UTC) of each time.</summary>
    public async Task EnsureAsync(string table, IEnumerable<DateTimeOffset> times, CancellationToken cancellationToken)
    {
        foreach (var month in times.Select(time => time.UtcDateTime).Select(time => (time.Year * 12) + time.Month - 1).Distinct())
        {
            if (!_known.ContainsKey((table, month)))
            {
                await CreateAsync(table, new DateOnly(month / 12, (month % 12) + 1, 1), cancellationToken);
                _known.TryAdd((table, month), true);
            }
        }
    }

    private async Task CreateAsync(string table, DateOnly first, CancellationToken cancellationToken)
    {
        // One implicit transaction: the advisory lock keeps two workers from making the same partition at once.
        var name = string.Create(CultureInfo.InvariantCulture, $"{table}_{first:yyyy_MM}");
        await using var command = dataSource.CreateCommand(string.Create(CultureInfo.InvariantCulture, $"""
            SELECT set_config('lock_timeout', '2s', true), pg_advisory_xact_lock(hashtext('{name}'));
            DO $make$ BEGIN
                IF NOT EXISTS (SELECT FROM pg_inherits WHERE inhparent = '{table}'::regclass AND inhrelid = to_regclass('{name}')) THEN
                    CREATE TABLE IF NOT EXISTS {name} (LIKE {table} INCLUDING ALL);
                    ALTER TABLE {table} ATTACH PARTITION {name}
                    FOR VALUES FROM ('{first:yyyy-MM-dd} 00:00:00+00') TO ('{first.AddMonths(1):yyyy-MM-dd} 00:00:00+00');
                END IF;
            END $make$;
            """));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
