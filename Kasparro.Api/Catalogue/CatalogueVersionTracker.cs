using System.Runtime.InteropServices;
using Kasparro.Api.Postgres;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kasparro.Api.Catalogue;

/// <summary>
/// Tracks the newest state of the catalogue known to this process, and whether it is known well enough to serve pages of it. Only Postgres
/// is authoritative: an announcement over Redis makes the known state doubtful until the next read.
/// </summary>
internal sealed partial class CatalogueVersionTracker(
    NpgsqlDataSource catalogue,
    CatalogueDeadline deadline,
    DataCursorCodec cursors,
    TimeProvider time,
    IOptions<ApiOptions> options,
    ILogger<CatalogueVersionTracker> logger)
{
    private const string Sql = "SELECT version, changed_at, cursor_key, pg_backend_pid() FROM catalogue_state WHERE id = 1";

    private readonly ApiOptions _options = options.Value;
    private readonly Lock _gate = new();
    private readonly List<KnownVersion> _superseded = [];
    private volatile KnownVersion? _known;
    private Task<CatalogueStamp>? _check;
    private volatile bool _mayPrepare = true;
    private long _moves;
    private long _announcements;
    private long _announced;

    /// <summary>
    /// Raised when the version may have moved because one was announced or read. Handlers must return at once; they are called on any
    /// thread.
    /// </summary>
    public event EventHandler? Moved;

    /// <summary>The newest known state, or null before the first read.</summary>
    public CatalogueStamp? Current => _known?.Stamp;

    /// <summary>
    /// Whether statements may be prepared. A pooler such as PgBouncer in transaction mode gives each transaction another session, in which
    /// prepared statements do not exist or, worse, are different ones.
    /// </summary>
    public bool MayPrepare => _mayPrepare;

    /// <summary>Whether pages of <paramref name="stamp"/> may be served without asking Postgres.</summary>
    public bool TryGetConfirmed(out CatalogueStamp stamp) => TryGetConfirmed(time.GetTimestamp(), out stamp);

    /// <summary>
    /// Whether pages of <paramref name="stamp"/> may be served, at the timestamp <paramref name="now"/>, without asking Postgres.
    /// </summary>
    public bool TryGetConfirmed(long now, out CatalogueStamp stamp)
    {
        var known = _known;
        stamp = known?.Stamp ?? default;
        return known is { IsStale: false } && time.GetElapsedTime(known.ReadAt, now) <= _options.MaxStaleness;
    }

    /// <summary>
    /// Whether <paramref name="stamp"/> was the newest state within the bound on staleness, which is good enough if Postgres cannot provide
    /// a newer page.
    /// </summary>
    public bool WasNewest(CatalogueStamp stamp)
    {
        lock (_gate)
        {
            return (_known?.Stamp == stamp && IsRecent(_known)) || _superseded.Exists(known => known.Stamp == stamp && IsRecent(known));
        }
    }

    /// <summary>
    /// Returns the newest state, read from Postgres if it is not known well enough. Any number of callers share one query.
    /// </summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond.</exception>
    public async Task<CatalogueStamp> ConfirmAsync(CancellationToken cancellationToken)
    {
        if (TryGetConfirmed(out var stamp))
        {
            return stamp;
        }

        var check = JoinCheck(out var isNew);
        stamp = await check.WaitAsync(cancellationToken);
        if (isNew || TryGetConfirmed(out stamp))
        {
            return stamp;
        }

        // The joined read began before an announcement; any read that can be joined now began after this request did.
        return await JoinCheck(out _).WaitAsync(cancellationToken);
    }

    /// <summary>Reads the version now. Concurrent callers share one query.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond.</exception>
    public Task<CatalogueStamp> CheckAsync(CancellationToken cancellationToken) => JoinCheck(out _).WaitAsync(cancellationToken);

    /// <summary>
    /// Records that the worker announced a version: if it is not known yet, no more pages are served until Postgres has been read.
    /// </summary>
    public void Announce(long version)
    {
        lock (_gate)
        {
            if (_known is { } known && version > known.Stamp.Version)
            {
                _announcements++;
                _announced = version;
                _known = known with { IsStale = true };
            }
        }

        Moved?.Invoke(this, EventArgs.Empty);
    }

    /// <summary>Must be called before a query that reads the version; <see cref="Complete"/> takes the result.</summary>
    public Reading BeginReading()
    {
        lock (_gate)
        {
            return new(time.GetTimestamp(), _moves, _announcements);
        }
    }

    /// <summary>Applies the result of a query that was begun at <paramref name="reading"/>.</summary>
    public void Complete(Reading reading, CatalogueStamp stamp)
    {
        lock (_gate)
        {
            var known = _known;
            if (known is null || known.Stamp != stamp)
            {
                // A lower version is outdated if its query began before the last move; otherwise it comes from another database.
                if (known is not null && stamp.Version < known.Stamp.Version && reading.Moves != _moves)
                {
                    return;
                }

                _moves++;
                _superseded.RemoveAll(superseded => !IsRecent(superseded));
                if (known is not null)
                {
                    _superseded.Add(known);
                }
            }

            var isStale = known is { IsStale: true } && reading.Announcements != _announcements && stamp.Version < _announced;
            var readAt = known is not null && known.Stamp == stamp ? Math.Max(known.ReadAt, reading.StartedAt) : reading.StartedAt;
            _known = new KnownVersion(stamp, readAt, isStale);
        }
    }

    private bool IsRecent(KnownVersion known) => time.GetElapsedTime(known.ReadAt) <= _options.MaxStaleness;

    private Task<CatalogueStamp> JoinCheck(out bool isNew)
    {
        lock (_gate)
        {
            isNew = _check is null or { IsCompleted: true };
            if (isNew)
            {
                // Task.Run, since no part of the query may run under the lock.
                _check = Task.Run(() => deadline.RunAsync(ReadAsync));
            }

            return _check!;
        }
    }

    private async Task<CatalogueStamp> ReadAsync(CancellationToken cancellationToken)
    {
        var reading = BeginReading();
        await using var connection = await catalogue.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var stamp = await CatalogueStamp.ReadAsync(reader, cancellationToken);
        cursors.Use(reader.GetFieldValue<byte[]>(2));

        // A pooler gives its clients a made-up process id.
        if (_mayPrepare && reader.GetInt32(3) != connection.ProcessID)
        {
            _mayPrepare = false;
            Log.Pooled(logger);
        }

        Complete(reading, stamp);
        return stamp;
    }

    /// <summary>What was known when a query began; see <see cref="BeginReading"/>.</summary>
    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Reading(long StartedAt, long Moves, long Announcements);

    private sealed record KnownVersion(CatalogueStamp Stamp, long ReadAt, bool IsStale);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Postgres is behind a connection pooler: statements are not prepared")]
        public static partial void Pooled(ILogger logger);
    }
}
