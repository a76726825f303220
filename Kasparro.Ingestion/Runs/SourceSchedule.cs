using Kasparro.Data;
using Kasparro.Data.Runs;
using Kasparro.Ingestion.Sources;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kasparro.Ingestion.Runs;

/// <summary>
/// When each source is read: one interval after the start of its last completed run; after a failed run, after a wait that doubles with
/// each consecutive failure. The schedule is based on the runs in the database, so all workers and commands share it. Runs from before this
/// process do not count: a restarted worker reads every source immediately.
/// </summary>
internal sealed partial class SourceSchedule(
    NpgsqlDataSource dataSource, IEnumerable<ISource> sources, IOptions<IngestionOptions> options, TimeProvider time,
    ILogger<SourceSchedule> logger)
{
    /// <summary>The maximum fraction of a wait that is randomly left out, so that workers and upstreams do not run in lockstep.</summary>
    private const double Jitter = 0.2;

    private const int MaxDoublings = 30;

    // Ordered by token, not by time, since clocks may be set back. Replays and backfills do not count: they read no current data.
    private const string LastRunsSql = $"""
        SELECT s.name, last.status, last.run_id, last.started_at, coalesce(last.finished_at, last.started_at), since.failures
        FROM unnest($1::text[]) AS s (name)
        CROSS JOIN LATERAL (
            SELECT status, run_id, started_at, finished_at, fencing_token FROM ingestion_runs
            WHERE source = s.name AND fencing_token > $2 AND status <> '{RunStatus.Running}' AND trigger NOT IN {RunTrigger.NotOfNow}
            ORDER BY fencing_token DESC LIMIT 1) AS last
        CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE run.status = '{RunStatus.Failed}') AS failures FROM ingestion_runs AS run
            WHERE run.source = s.name AND run.trigger NOT IN {RunTrigger.NotOfNow} AND run.fencing_token > coalesce(
                (SELECT max(completed.fencing_token) FROM ingestion_runs AS completed
                 WHERE completed.source = s.name AND completed.status = '{RunStatus.Completed}' AND completed.fencing_token > $2
                   AND completed.trigger NOT IN {RunTrigger.NotOfNow}), $2)) AS since
        """;

    private readonly string[] _sources = [.. sources.Select(source => source.Name)];
    private long? _firstToken;
    private Guid _runAhead;

    /// <summary>The sources that are due, in the order in which an ingestion reads them, and the time until the next one is due.</summary>
    public async Task<DueSources> FindDueAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var runs = await ReadLastRunsAsync(cancellationToken);
        var due = new List<string>();
        var wait = options.Value.Interval;
        LastRun? ahead = null;
        foreach (var source in _sources)
        {
            var rest = runs.TryGetValue(source, out var run) ? NextStart(run, options.Value) - now : TimeSpan.Zero;
            if (run?.StartedAt > now)
            {
                ahead ??= run;
                rest = TimeSpan.Zero;
            }

            if (rest <= TimeSpan.Zero)
            {
                due.Add(source);
            }
            else if (rest < wait)
            {
                wait = rest;
            }
        }

        if (ahead is not null && ahead.RunId != _runAhead)
        {
            _runAhead = ahead.RunId;
            Log.ClockStepped(logger, now, ahead.RunId, ahead.StartedAt - now);
        }

        return new(due, wait);
    }

    /// <summary>When the source of a run is due again.</summary>
    public static DateTimeOffset NextStart(LastRun run, IngestionOptions options)
    {
        if (run.Status == RunStatus.Completed)
        {
            return run.StartedAt + options.Interval;
        }

        var doublings = Math.Clamp(run.Failures - 1, 0, MaxDoublings);
        var wait = options.RetryInterval * Math.Pow(2, doublings);
        var longest = options.MaxRetryInterval > options.RetryInterval ? options.MaxRetryInterval : options.RetryInterval;
        wait = wait < longest ? wait : longest;

        // The run's id serves as the random number, so that every check yields the same time.
        return run.FinishedAt + (wait * (1 - (Jitter * run.RunId.ToByteArray()[^1] / byte.MaxValue)));
    }

    private async Task<Dictionary<string, LastRun>> ReadLastRunsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var lease = new NpgsqlCommand("SELECT token FROM ingestion_lease WHERE id = 1", connection);
        var token = await lease.ExecuteScalarAsync(cancellationToken) as long? ?? 0;

        // A database that was restored from a backup while this process runs counts on from an earlier token.
        _firstToken = Math.Min(_firstToken ?? token, token);
        await using var command = new NpgsqlCommand(LastRunsSql, connection);
        command.Parameters.AddValues([_sources, _firstToken.Value]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var runs = new Dictionary<string, LastRun>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            runs.Add(reader.GetString(0), new(
                reader.GetString(1),
                reader.GetGuid(2),
                reader.GetFieldValue<DateTimeOffset>(3),
                reader.GetFieldValue<DateTimeOffset>(4),
                (int)reader.GetInt64(5)));
        }

        return runs;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning,
            "The clock, {Now:O}, is behind the start of run {RunId} by {Step}: it has been set back, and the run counts as old.")]
        public static partial void ClockStepped(ILogger logger, DateTimeOffset now, Guid runId, TimeSpan step);
    }
}

/// <summary>The sources that are due, and the time until the next one is due.</summary>
internal sealed record DueSources(IReadOnlyList<string> Due, TimeSpan Wait);

/// <summary>The last run of a source that has ended.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="RunId">Its id.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="Failures">The number of failed runs since the last completed one, including this one.</param>
internal sealed record LastRun(string Status, Guid RunId, DateTimeOffset StartedAt, DateTimeOffset FinishedAt, int Failures);
