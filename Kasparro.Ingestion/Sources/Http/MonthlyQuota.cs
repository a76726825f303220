using System.Globalization;
using Kasparro.Data;
using Npgsql;

namespace Kasparro.Ingestion.Sources.Http;

/// <summary>
/// Counts an upstream's calls per calendar month (UTC), as its vendor does. The count is in PostgreSQL: it outlives the worker and Redis,
/// and all workers share it.
/// </summary>
internal sealed class MonthlyQuota(string source, int limit, Func<NpgsqlDataSource> catalogue, TimeProvider time)
{
    private const string SpendSql = """
        INSERT INTO upstream_quotas AS q (source, month, calls, call_limit) VALUES ($1, $2, 1, $3)
        ON CONFLICT (source, month) DO UPDATE SET calls = q.calls + 1, call_limit = excluded.call_limit WHERE q.calls < excluded.call_limit
        RETURNING calls
        """;

    private volatile Count? _last;

    /// <summary>The maximum number of calls per month; 0 for no limit.</summary>
    public long Limit => limit;

    /// <summary>
    /// The calls left this month, as known to this process; null if there is no limit, or before its first call of the month.
    /// </summary>
    public long? Left => _last is { } last && last.Month == Month ? Math.Max(0, limit - last.Calls) : null;

    private DateOnly Month
    {
        get
        {
            var now = time.GetUtcNow();
            return new(now.Year, now.Month, 1);
        }
    }

    /// <summary>Spends a call.</summary>
    /// <exception cref="SourceException">No call is left this month.</exception>
    /// <exception cref="NpgsqlException">PostgreSQL cannot count the call, which must not be sent then.</exception>
    public async Task SpendAsync(CancellationToken cancellationToken)
    {
        if (limit == 0)
        {
            return;
        }

        var month = Month;
        await using var command = catalogue().CreateCommand(SpendSql);
        command.Parameters.AddValues([source, month, limit]);
        var calls = (int?)await command.ExecuteScalarAsync(cancellationToken);
        _last = new(month, calls ?? limit);
        if (calls is null)
        {
            throw new SourceException(string.Create(
                CultureInfo.InvariantCulture,
                $"The monthly quota of {limit} calls to {source} is used up; it starts again on {month.AddMonths(1):yyyy-MM-dd} (UTC). "
                    + $"Raise MonthlyCallBudget if the plan has more."));
        }
    }

    private sealed record Count(DateOnly Month, int Calls);
}
