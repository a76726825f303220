using Kasparro.Api.Catalogue;
using Kasparro.Api.Postgres;
using Kasparro.Data;
using Npgsql;

namespace Kasparro.Api.Events;

/// <summary>Reads what events report: the version and the newest runs.</summary>
internal sealed class EventReader(NpgsqlDataSource catalogue, CatalogueDeadline deadline)
{
    /// <summary>The number of runs that are followed: more than can end between two reads.</summary>
    public const int Runs = 50;

    // Run ids are ordered by time.
    private const string Sql = """
        SELECT s.version, s.changed_at, r.run_id, r.ingestion_id, r.source, r.status, r.started_at, r.finished_at, r.pages, r.records_read
        FROM catalogue_state s LEFT JOIN LATERAL (SELECT * FROM ingestion_runs ORDER BY run_id DESC LIMIT $1) AS r ON true
        WHERE s.id = 1 ORDER BY r.run_id
        """;

    // A standby may be behind the server that the client read from before; once promoted, it is no longer a standby.
    private const string KnownSql = """
        SELECT EXISTS (SELECT FROM catalogue_state s WHERE s.version = $1 AND s.changed_at = $2)
            OR EXISTS (SELECT FROM catalogue_changes c WHERE c.version = $1 AND c.changed_at = $2),
            pg_is_in_recovery() AND $1 > (SELECT s.version FROM catalogue_state s WHERE s.id = 1)
        """;

    /// <summary>Whether this catalogue was in a state, provided that the state is still recorded.</summary>
    /// <exception cref="CatalogueUnavailableException">
    /// Postgres does not respond in time, or is a standby that is behind the client's state.
    /// </exception>
    public async Task<bool> KnowsAsync(CatalogueStamp stamp, CancellationToken cancellationToken)
    {
        var (isKnown, isBehind) = (await deadline.RunAsync(
            token => catalogue.QueryAsync(
                KnownSql, [stamp.Version, new DateTime(stamp.ChangedAt, DateTimeKind.Utc)],
                row => (IsKnown: row.GetBoolean(0), IsBehind: row.GetBoolean(1)), token),
            cancellationToken)).Single();
        return isKnown || (isBehind ? throw CatalogueUnavailableException.FromLaggingStandby() : false);
    }

    /// <summary>Reads the version and the runs with one statement.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public async Task<EventState> ReadAsync(CancellationToken cancellationToken)
    {
        var rows = await deadline.RunAsync(
            token => catalogue.QueryAsync(
                Sql, [Runs], row => (Catalogue: new CatalogueEvent(row.GetInt64(0), row.GetDateTime(1)), Run: ReadRun(row)), token),
            cancellationToken);
        return rows.Count > 0
            ? new(rows[0].Catalogue, [.. rows.Select(row => row.Run).OfType<RunEvent>()])
            : throw new InvalidOperationException("catalogue_state has no row.");
    }

    private static RunEvent? ReadRun(NpgsqlDataReader row) => row.IsDBNull(2)
        ? null
        : new(
            row.GetGuid(2), row.GetGuid(3), row.GetString(4), row.GetString(5), row.GetDateTime(6), row.GetFieldValue<DateTime?>(7),
            row.GetInt32(8), row.GetInt64(9));
}

/// <summary>What events report, at one moment.</summary>
/// <param name="Catalogue">The version.</param>
/// <param name="Runs">The newest runs, the oldest first.</param>
internal sealed record EventState(CatalogueEvent Catalogue, IReadOnlyList<RunEvent> Runs)
{
    /// <summary>The position of a client that has seen all of this state.</summary>
    public EventPosition Newest { get; } = new(new(Catalogue.Version, Catalogue.ChangedAt.Ticks), Runs.Select(GetTime).DefaultIfEmpty()
        .Max());

    /// <summary>
    /// Returns the events for a client that connects: a new client gets the version and the current runs, a returning one what it missed.
    /// </summary>
    public IEnumerable<object> Since(EventPosition? known)
    {
        if (known is null || known.Stamp != Newest.Stamp)
        {
            yield return Catalogue;
        }

        foreach (var run in Runs.Where(run => run.FinishedAt is null || (known is not null && GetTime(run) > known.RunsAt)))
        {
            yield return run;
        }
    }

    /// <summary>Returns what has changed since <paramref name="before"/>.</summary>
    public IEnumerable<object> Since(EventState before)
    {
        if (before.Catalogue != Catalogue)
        {
            yield return Catalogue;
        }

        foreach (var run in Runs.Except(before.Runs))
        {
            yield return run;
        }
    }

    /// <summary>
    /// Returns the events, each with the position of a client that has seen it. Only the last position includes the new runs, so that a
    /// client that stops in between gets all of them again.
    /// </summary>
    public IEnumerable<(object Event, EventPosition Position)> Position(IEnumerable<object> events, EventPosition? known)
    {
        var all = events.ToList();
        return all.Select((item, index) => (item, index == all.Count - 1 ? Newest : Newest with { RunsAt = (known ?? Newest).RunsAt }));
    }

    private static long GetTime(RunEvent run) => (run.FinishedAt ?? run.StartedAt).Ticks;
}
