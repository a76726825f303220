using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Aspire.Hosting.ApplicationModel;

public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage);

/// <summary>Keeps each resource's last lines of output, for those who come late, and passes on new ones as they come.</summary>
public class ResourceLoggerService : IDisposable
{
    private readonly ConcurrentDictionary<string, Log> _logs = new(StringComparer.OrdinalIgnoreCase);
    private readonly TimeProvider _time;
    private readonly string? _folder;

    internal ResourceLoggerService(TimeProvider time, string? folder)
    {
        _time = time;
        _folder = folder;
        if (folder is not null)
        {
            Directory.CreateDirectory(folder);
        }
    }

    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource) => WatchAsync(resource.Name);

    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName) => FollowAsync(LogOf(resourceName));

    public void Dispose()
    {
        foreach (var log in _logs.Values)
        {
            log.Close();
        }

        GC.SuppressFinalize(this);
    }

    internal void Append(string resourceName, string text, bool isError) =>
        LogOf(resourceName).Append(_time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffffffK ", CultureInfo.InvariantCulture), text, isError);

    internal string? LastLine(string resourceName) => LogOf(resourceName).LastText;

    private Log LogOf(string resourceName) => _logs.GetOrAdd(
        resourceName, name => new(_folder is null ? null : new StreamWriter(Path.Combine(_folder, $"{name}.log")) { AutoFlush = true }));

    private static async IAsyncEnumerable<IReadOnlyList<LogLine>> FollowAsync(Log log, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (backlog, channel) = log.Follow();
        try
        {
            yield return backlog;
            await foreach (var line in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return [line];
            }
        }
        finally
        {
            log.Leave(channel);
        }
    }

    private sealed class Log(StreamWriter? file)
    {
        private const int Kept = 10_000;
        private readonly Lock _lock = new();
        private readonly Queue<LogLine> _lines = new();
        private readonly List<Channel<LogLine>> _followers = [];
        private int _count;

        public string? LastText { get; private set; }

        public void Append(string prefix, string text, bool isError)
        {
            lock (_lock)
            {
                LastText = text.Length == 0 ? LastText : text;
                var line = new LogLine(++_count, prefix + text, isError);
                _lines.Enqueue(line);
                if (_lines.Count > Kept)
                {
                    _lines.Dequeue();
                }

                file?.WriteLine(line.Content);
                _followers.ForEach(follower => follower.Writer.TryWrite(line));
            }
        }

        public (IReadOnlyList<LogLine> Backlog, Channel<LogLine> Channel) Follow()
        {
            var channel = Channel.CreateUnbounded<LogLine>();
            lock (_lock)
            {
                _followers.Add(channel);
                return ([.. _lines], channel);
            }
        }

        public void Leave(Channel<LogLine> channel)
        {
            lock (_lock)
            {
                _followers.Remove(channel);
            }
        }

        public void Close()
        {
            lock (_lock)
            {
                _followers.ForEach(follower => follower.Writer.TryComplete());
                file?.Dispose();
            }
        }
    }
}
