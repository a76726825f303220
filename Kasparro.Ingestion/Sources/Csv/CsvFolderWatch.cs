using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>
/// Detects that the configured files have changed since they were read. It polls, because network and container mounts do not send change
/// notifications.
/// </summary>
internal sealed class CsvFolderWatch
{
    private readonly IOptions<CsvOptions> _options;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, FileState> _read;
    private IReadOnlyList<FileState> _last = [];

    /// <param name="options">Which files are watched, and how often they are checked.</param>
    /// <param name="time">The clock that the waits use.</param>
    public CsvFolderWatch(IOptions<CsvOptions> options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _read = new(Look().ToDictionary(file => file.Path, StringComparer.Ordinal), StringComparer.Ordinal);
    }

    /// <summary>
    /// Completes when a file has changed since it was last read (or since this object was created, if it was not read yet) and no file has
    /// changed for an interval, so that no half-copied file is read. Never completes if watching is off.
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
    /// Checks whether a file has changed since it was read, and none has changed since the last check. Always false if watching is off.
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

    /// <summary>Marks a file as read in its current state, so that only later changes count.</summary>
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
