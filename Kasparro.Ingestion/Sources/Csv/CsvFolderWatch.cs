using Microsoft.Extensions.Options;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>
/// Tells when the configured files have changed. It polls, since change notifications do not come from network and container mounts.
/// </summary>
internal sealed class CsvFolderWatch(IOptions<CsvOptions> options, TimeProvider time)
{
    private IReadOnlyList<FileState> _known = Look(options.Value.Path);
    private IReadOnlyList<FileState> _last = [];

    /// <summary>
    /// Completes when the files differ from what they were at the last completion (the first time: when this object was made) and stand
    /// still for an interval, so that no half-copied file is read. Never completes where watching is off.
    /// </summary>
    public async Task WaitForChangeAsync(CancellationToken cancellationToken)
    {
        if (options.Value.WatchInterval is not { } interval)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
            return;
        }

        do
        {
            await Task.Delay(interval, time, cancellationToken);
        }
        while (!HasChanged());
    }

    /// <summary>Looks at the files: whether they have changed since the last time this was true, but not since the last look.</summary>
    public bool HasChanged()
    {
        var now = Look(options.Value.Path);
        var hasChanged = now.SequenceEqual(_last) && !now.SequenceEqual(_known);
        _last = now;
        if (hasChanged)
        {
            _known = now;
        }

        return hasChanged;
    }

    private static IReadOnlyList<FileState> Look(string setting) =>
    [
        .. CsvPaths.Find(setting, AppContext.BaseDirectory)
            .Select(path => new FileInfo(path))
            .Where(file => file.Exists)
            .Select(file => new FileState(file.FullName, file.Length, file.LastWriteTimeUtc)),
    ];

    private sealed record FileState(string Path, long Length, DateTime WrittenAt);
}
