using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;

namespace Kasparro.Ingestion.Postgres;

/// <summary>Makes the monthly partitions that rows need before they arrive. Idempotent, and safe beside other workers.</summary>
internal sealed class Partitions(NpgsqlDataSource dataSource)
{
    private readonly ConcurrentDictionary<(string Table, int Month), bool> _known = new();

    /// <summary>Asks the database again from now on: another worker may have dropped what this one knows.</summary>
    public void Forget() => _known.Clear();

    /// <summary>Ensures that <paramref name="table"/> has a partition for the month (UTC) of each time.</summary>
    public async Task EnsureAsync(string table, IEnumerable<DateTimeOffset> times, CancellationToken cancellationToken)
    {
        foreach (var month in times.Select(time => time.UtcDateTime).Select(time => (time.Year * 12) + time.Month - 1).Distinct())
        {
            if (_known.ContainsKey((table, month)))
            {
                continue;
            }

            var first = new DateOnly(month / 12, (month % 12) + 1, 1);
            var name = string.Create(CultureInfo.InvariantCulture, $"{table}_{first:yyyy_MM}");
            var sql = string.Create(CultureInfo.InvariantCulture, $"""
                SELECT pg_advisory_xact_lock(hashtext('{name}'));
                CREATE TABLE IF NOT EXISTS {name} PARTITION OF {table}
                FOR VALUES FROM ('{first:yyyy-MM-dd} 00:00:00+00') TO ('{first.AddMonths(1):yyyy-MM-dd} 00:00:00+00');
                """);

            // One implicit transaction: the advisory lock keeps two workers from creating it at once, which IF NOT EXISTS does not.
            await using var command = dataSource.CreateCommand(sql);
            await command.ExecuteNonQueryAsync(cancellationToken);
            _known.TryAdd((table, month), true);
        }
    }
}
