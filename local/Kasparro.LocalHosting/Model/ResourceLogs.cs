using System.Collections.Concurrent;

namespace Aspire.Hosting.ApplicationModel;

public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage);

/// <summary>Keeps each resource's last lines of output for those who come late, in memory and in a file, and passes on new ones as they come.</summary>
public class ResourceLoggerService : IDisposable
{
    private const int Kept = 10_000;
    private readonly ConcurrentDictionary<string, Lazy<Log>> _logs = new(StringComparer.OrdinalIgnoreCase);
    private readonly TimeProvider _time;
    private readonly string? _folder;

    internal ResourceLoggerService(TimeProvider time, string? folder) => (_time, _folder) = (time, folder);

    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource) => WatchAsync(resource.Name);

    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName) => LogOf(resourceName).Follow();

    public void Dispose()
    {
        foreach (var log in _logs.Values)
        {
            log.Value.Close();
        }

        GC.SuppressFinalize(this);
    }

    internal void Append(string resourceName, string text, bool isError) => LogOf(resourceName).Append(_time.GetUtcNow(), text, isError);

    internal string? LastText(string resourceName) => LogOf(resourceName).LastText;

    private Log LogOf(string resourceName) => _logs.GetOrAdd(resourceName, name => new(() => Open(name))).Value;

    private Log Open(string resourceName)
    {
        try
        {
            var folder = _folder is null ? null : Directory.CreateDirectory(_folder).FullName;
            return new(folder is null ? null : new StreamWriter(Path.Combine(folder, $"{resourceName}.log")) { AutoFlush = true });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another host, or another user, has the file: the output is still there to follow.
            var log = new Log(file: null);
            log.Append(_time.GetUtcNow(), $"There is no log file: {e.Message}", isError: true);
            return log;
        }
    }

    private sealed class Log(StreamWriter? file)
    {
        private readonly Feed<IReadOnlyList<LogLine>> _feed = new();
        private readonly Queue<LogLine> _lines = new();
        private int _count;

        public string? LastText { get; private set; }

        public IAsyncEnumerable<IReadOnlyList<LogLine>> Follow() => _feed.FollowAsync(() => [[.. _lines]]);

        public void Append(DateTimeOffset time, string text, bool isError) => _feed.Add(() =>
        {
            var line = new LogLine(++_count, $"{time:yyyy-MM-ddTHH:mm:ss.fffffffK} {text}", isError);
            _lines.Enqueue(line);
            if (_lines.Count > Kept)
            {
                _lines.Dequeue();
            }

            LastText = string.IsNullOrWhiteSpace(text) ? LastText : text.Trim();
            file?.WriteLine(line.Content);
            return [line];
        });

        public void Close()
        {
            _feed.Complete();
            file?.Dispose();
        }
    }
}
