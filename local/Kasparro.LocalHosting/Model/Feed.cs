using System.Threading.Channels;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Passes items on to everyone who follows, each of whom first gets what is known already; nothing is lost in between.</summary>
internal sealed class Feed<T>
{
    private readonly Lock _lock = new();
    private readonly List<Channel<T>> _followers = [];

    public void Add(Func<T> next)
    {
        lock (_lock)
        {
            var item = next();
            _followers.ForEach(follower => follower.Writer.TryWrite(item));
        }
    }

    /// <summary>Looks at what is known while nothing new comes.</summary>
    public TResult Read<TResult>(Func<TResult> known)
    {
        lock (_lock)
        {
            return known();
        }
    }

    public async IAsyncEnumerable<T> FollowAsync(Func<IEnumerable<T>> known, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var channel = Channel.CreateUnbounded<T>();
        lock (_lock)
        {
            known().ToList().ForEach(item => channel.Writer.TryWrite(item));
            _followers.Add(channel);
        }

        try
        {
            await foreach (var item in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return item;
            }
        }
        finally
        {
            lock (_lock)
            {
                _followers.Remove(channel);
            }
        }
    }

    public void Complete()
    {
        lock (_lock)
        {
            _followers.ForEach(follower => follower.Writer.TryComplete());
        }
    }
}
