using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>
/// Tells when the configured files have changed since they were read. It polls, since change notifications do not come from network and
/// container mounts.
/// </summary>
internal sealed class CsvFolderWatch
{
    private readonly IOptions<CsvOptions> _options;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, FileState> _read;
    private IReadOnlyList<FileState> _last = [];

    /// <param name="options">Which files, and how often they are looked at.</param>
    /// <param name="time">The clock of the waits.</param>
    public CsvFolderWatch(IOptions<CsvOptions> options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _read = new(Look().ToDictionary(file => file.Path, StringComparer.Ordinal), StringComparer.Ordinal);
    }

    /// <summary>
    /// Completes when a file differs from what it was when it was last read (before that: when this object was made) and all stand still
    /// for an interval, so that no half-copied file is read. Never completes where watching is off.
    /// </summary>
    public async Task WaitForChangeAsync(CancellationToken cancellationToken)
    {
        if (_options.Value.WatchInterval is not { } interval)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, cancellationToken);
            return;
        }

        do
        {
            await Task.Delay(interval, _time, cancellationToken);
        }
        while (!HasChanged());
    }

    /// <summary>
    /// Looks at the files: whether one has changed since it was read, and none since the last look. Never, where watching is off.
    /// </summary>
    public bool HasChanged()
    {
        if (_options.Value.WatchInterval is null)
        {
            return false;
        }

        var now = Look();
        var standsStill = now.SequenceEqual(_last);
        _last = now;
        return standsStill && now.Any(file => _read.GetValueOrDefault(file.Path) != file);
    }

    /// <summary>Notes that a file is read as it is now: only a later change counts.</summary>
    public void MarkRead(string path)
    {
        if (GetState(path) is { } state)
        {
            _read[path] = state;
        }
    }

    private List<FileState> Look() =>
        [.. CsvPaths.Find(_options.Value.Path, AppContext.BaseDirectory).Select(GetState).OfType<FileState>()];

    private static FileState? GetState(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? new(path, file.Length, file.LastWriteTimeUtc) : null;
    }

    private sealed record FileState(string Path, long Length, DateTime WrittenAt);
}
