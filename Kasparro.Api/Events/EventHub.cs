using System.Threading.Channels;
using Microsoft.Extensions.Options;

namespace Kasparro.Api.Events;

/// <summary>The clients of <c>/events</c>, each with a bounded queue of its own: a slow one loses its connection, not an event.</summary>
internal sealed class EventHub(IOptions<ApiOptions> options)
{
    private readonly Lock _gate = new();
    private readonly HashSet<Channel<EventState>> _clients = [];
    private EventState? _newest;
    private bool _isClosed;

    /// <summary>Whether anybody listens.</summary>
    public bool HasClients
    {
        get
        {
            lock (_gate)
            {
                return _clients.Count > 0;
            }
        }
    }

    /// <summary>Joins a client. Its first state, if one is known already, is there at once.</summary>
    public Channel<EventState> Join()
    {
        var client = Channel.CreateBounded<EventState>(options.Value.EventQueue);
        lock (_gate)
        {
            if (_isClosed)
            {
                // A stopping server waits for its connections: it takes on none that would last.
                client.Writer.TryComplete();
                return client;
            }

            _clients.Add(client);
            if (_clients.Count == 1)
            {
                // Nobody listened, so nobody looked: what was known is old.
                _newest = null;
            }

            if (_newest is { } newest)
            {
                client.Writer.TryWrite(newest);
            }
        }

        return client;
    }

    public void Leave(Channel<EventState> client)
    {
        lock (_gate)
        {
            _clients.Remove(client);
        }
    }

    /// <summary>Tells every client. A client whose queue is full is disconnected: with Last-Event-ID it gets what it missed.</summary>
    public void Publish(EventState state)
    {
        lock (_gate)
        {
            if (_newest is { } newest && !state.Since(newest).Any())
            {
                return;
            }

            _newest = state;
            foreach (var client in _clients.Where(client => !client.Writer.TryWrite(state)).ToList())
            {
                _clients.Remove(client);
                client.Writer.TryComplete();
            }
        }
    }

    /// <summary>Ends every client's events, and those of clients that come later.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            foreach (var client in _clients)
            {
                client.Writer.TryComplete();
            }

            _clients.Clear();
        }
    }
}
