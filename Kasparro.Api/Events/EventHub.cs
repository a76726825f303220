using System.Threading.Channels;
using Microsoft.Extensions.Options;

namespace Kasparro.Api.Events;

/// <summary>The clients of <c>/events</c>, each with its own bounded queue: a slow client loses its connection, not an event.</summary>
internal sealed class EventHub(IOptions<ApiOptions> options)
{
    private readonly Lock _gate = new();
    private readonly HashSet<Channel<EventState>> _clients = [];
    private EventState? _newest;
    private bool _isClosed;

    /// <summary>Whether there are any clients.</summary>
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

    /// <summary>Adds a client. If a state is already known, it is queued immediately.</summary>
    public Channel<EventState> Join()
    {
        var client = Channel.CreateBounded<EventState>(options.Value.EventQueue);
        lock (_gate)
        {
            if (_isClosed)
            {
                // A stopping server waits for its connections, so it must not accept long-lived ones.
                client.Writer.TryComplete();
                return client;
            }

            _clients.Add(client);
            if (_clients.Count == 1)
            {
                // Nothing was read while there were no clients, so the known state is outdated.
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

    /// <summary>
    /// Queues a state for every client. A client whose queue is full is disconnected; with Last-Event-ID it gets what it missed.
    /// </summary>
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

    /// <summary>Ends the events of every client, and of clients that join later.</summary>
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
