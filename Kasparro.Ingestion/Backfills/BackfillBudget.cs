using Kasparro.Data;
using Kasparro.Data.Runs;
using Kasparro.Ingestion.Sources.Http;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kasparro.Ingestion.Backfills;

/// <summary>
/// How many of an upstream's monthly calls backfills may use: those left after the schedule's calls are set aside. For each remaining day
/// that is the schedule's share of the month or its calls of the last 24 hours, whichever is greater.
/// </summary>
internal sealed class BackfillBudget(
    IServiceProvider services, NpgsqlDataSource dataSource, IOptions<BackfillOptions> options, TimeProvider time)
{
    private const string Sql = $"""
        SELECT coalesce((SELECT calls FROM upstream_quotas WHERE source = $1 AND month = $2), 0)::bigint,
               coalesce((SELECT sum(upstream_calls) FROM ingestion_runs
                         WHERE source = $1 AND trigger <> '{RunTrigger.Backfill}' AND started_at >= $3), 0)::bigint
        """;

    /// <summary>Whether a call to the source can be spared.</summary>
    public async Task<bool> HasCallAsync(string source, CancellationToken cancellationToken)
    {
        var limit = services.GetRequiredKeyedService<MonthlyQuota>(source).Limit;
        if (limit == 0)
        {
            return true;
        }

        var now = time.GetUtcNow();
        var month = new DateOnly(now.Year, now.Month, 1);
        await using var command = dataSource.CreateCommand(Sql);
        command.Parameters.AddValues([source, month, now.AddDays(-1)]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return IsSpare(limit, reader.GetInt64(0), reader.GetInt64(1), options.Value.BudgetShare, now);
    }

    /// <summary>Whether one more call leaves enough for the schedule until the month ends (UTC).</summary>
    /// <param name="limit">The plan's calls per month.</param>
    /// <param name="spent">The calls made this month.</param>
    /// <param name="ofLastDay">The calls that the schedule made in the last 24 hours.</param>
    /// <param name="share">The share of the month's calls that backfills may use.</param>
    /// <param name="now">The current time.</param>
    public static bool IsSpare(long limit, long spent, long ofLastDay, double share, DateTimeOffset now)
    {
        var begin = new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero);
        var end = begin.AddMonths(1);
        var daysLeft = (end - now).TotalDays;
        var ofSchedule = Math.Max(limit * (1 - share) * daysLeft / (end - begin).TotalDays, ofLastDay * daysLeft);
        return limit - spent - ofSchedule >= 1;
    }
}
