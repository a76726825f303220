using System.Collections.Concurrent;

namespace Kasparro.Api.Http;

/// <summary>What all clients have sent in one window of time.</summary>
/// <param name="number">The window's number since the epoch: the same at all replicas.</param>
/// <param name="endsAt">When it ends; UTC ticks.</param>
internal sealed class RateWindow(long number, long endsAt)
{
    // A client with more addresses than this shares one count.
    private const int MaxClients = 100_000;

    private readonly ConcurrentDictionary<ClientKey, ClientCount> _clients = new();
    private readonly ClientCount _others = new();
    private int _size;

    public long Number => number;

    public long EndsAt => endsAt;

    /// <summary>The clients that have sent anything.</summary>
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

/// <summary>What one client has sent in a window.</summary>
internal sealed class ClientCount
{
    private long _own;
    private long _elsewhere;
    private long _shared;

    /// <summary>Counts a request; returns how many there have been, as far as is known here.</summary>
    public long Add() => Interlocked.Increment(ref _own) + Volatile.Read(ref _elsewhere);

    /// <summary>Requests counted here that other replicas have not been told of.</summary>
    public long Unshared => Volatile.Read(ref _own) - _shared;

    /// <summary>Takes note that <paramref name="told"/> requests were shared, and what all replicas have counted together since.</summary>
    public void Share(long told, long total)
    {
        _shared += told;
        Volatile.Write(ref _elsewhere, Math.Max(0, total - _shared));
    }
}
