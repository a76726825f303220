using System.Collections.Concurrent;

namespace Kasparro.Api.Http;

/// <summary>The requests of all clients in one window of time.</summary>
/// <param name="number">The window's number since the epoch, the same on all replicas.</param>
/// <param name="endsAt">When the window ends, in UTC ticks.</param>
internal sealed class RateWindow(long number, long endsAt)
{
    // Clients beyond this number share one count, so that a client with many addresses cannot exhaust memory.
    private const int MaxClients = 100_000;

    private readonly ConcurrentDictionary<ClientKey, ClientCount> _clients = new();
    private readonly ClientCount _others = new();
    private int _size;

    public long Number => number;

    public long EndsAt => endsAt;

    /// <summary>The clients that have sent requests in the window.</summary>
    public IEnumerable<KeyValuePair<ClientKey, ClientCount>> Clients => _clients;

    public ClientCount GetCount(ClientKey client)
    {
        if (_clients.TryGetValue(client, out var count))
        {
            return count;
        }

        if (Volatile.Read(ref _size) >= MaxClients)
        {
            return _others;
        }

        count = new ClientCount();
        if (_clients.TryAdd(client, count))
        {
            Interlocked.Increment(ref _size);
            return count;
        }

        return _clients[client];
    }
}

/// <summary>The requests of one client in a window.</summary>
internal sealed class ClientCount
{
    private long _own;
    private long _elsewhere;
    private long _shared;

    /// <summary>Counts a request and returns the client's known total.</summary>
    public long Add() => Interlocked.Increment(ref _own) + Volatile.Read(ref _elsewhere);

    /// <summary>The number of requests counted here that have not been shared with other replicas.</summary>
    public long Unshared => Volatile.Read(ref _own) - _shared;

    /// <summary>
    /// Records that <paramref name="told"/> requests were shared, and that all replicas together have counted <paramref name="total"/>.
    /// </summary>
    public void Share(long told, long total)
    {
        _shared += told;
        Volatile.Write(ref _elsewhere, Math.Max(0, total - _shared));
    }
}
