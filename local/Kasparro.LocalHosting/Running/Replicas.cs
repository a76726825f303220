using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting;

/// <summary>What runs for a resource: one process, or several alike.</summary>
internal interface IRunning : IDisposable
{
    string Program { get; }

    /// <summary>The exit code, once all of it has ended.</summary>
    Task<int> Exit { get; }

    /// <summary>Asks it to end, insists after a while, and returns its exit code.</summary>
    Task<int> StopAsync();
}

/// <summary>Several processes of one resource, on ports of their own behind the resource's. One that ends is not replaced; the others go on.</summary>
internal sealed class Replicas : IRunning
{
    private readonly List<ChildProcess> _children = [];
    private readonly List<ConnectionSpreader> _spreaders;

    public Replicas(
        Launch launch, int count, IReadOnlyList<EndpointAnnotation> endpoints, Dictionary<string, string?> environment, Action<string, bool> onLine)
    {
        var ports = endpoints.Select(_ => Enumerable.Range(0, count).Select(_ => Launches.FreePort()).ToArray()).ToList();
        for (var index = 0; index < count; index++)
        {
            // A port of the resource that its environment names is the replica's own.
            var replica = index;
            var own = new Dictionary<string, string?>(environment.Select(variable =>
                endpoints.ToList().FindIndex(endpoint => variable.Value == $"{endpoint.AllocatedPort}") is var place and >= 0
                    ? new(variable.Key, $"{ports[place][replica]}")
                    : variable), StringComparer.Ordinal)
            {
                ["ASPNETCORE_URLS"] = string.Join(';', endpoints.Select((endpoint, place) => $"{endpoint.Scheme}://localhost:{ports[place][index]}")),
                ["OTEL_RESOURCE_ATTRIBUTES"] = $"{environment.GetValueOrDefault("OTEL_RESOURCE_ATTRIBUTES")}-{index + 1}",
            };
            _children.Add(ChildProcess.Start(launch, own, onLine));
        }

        _spreaders = [.. endpoints.Select((endpoint, place) => new ConnectionSpreader(endpoint.AllocatedPort!.Value, ports[place]))];
        Exit = WaitAsync(onLine);
    }

    public string Program => _children[0].Program;
    public Task<int> Exit { get; }

    public async Task<int> StopAsync()
    {
        await Task.WhenAll(_children.Select(child => child.StopAsync())).ConfigureAwait(false);
        _spreaders.ForEach(spreader => spreader.Dispose());
        return await Exit.ConfigureAwait(false);
    }

    public void Dispose()
    {
        _spreaders.ForEach(spreader => spreader.Dispose());
        _children.ForEach(child => child.Dispose());
    }

    private async Task<int> WaitAsync(Action<string, bool> onLine)
    {
        var codes = await Task.WhenAll(_children.Select(async (child, index) =>
        {
            var code = await child.Exit.ConfigureAwait(false);
            onLine($"replica {index + 1} of {_children.Count} ended with exit code {code}", code != 0);
            return code;
        })).ConfigureAwait(false);
        return codes.FirstOrDefault(code => code != 0);
    }
}

/// <summary>Listens on a port of this machine and passes each connection on to the next of several others that takes it.</summary>
internal sealed class ConnectionSpreader : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<TcpListener> _listeners = [];
    private readonly IReadOnlyList<int> _targets;
    private uint _next;

    public ConnectionSpreader(int port, IReadOnlyList<int> targets)
    {
        _targets = targets;
        foreach (var address in Dns.GetHostAddresses("localhost"))
        {
            var listener = new TcpListener(address, port);
            try
            {
                listener.Start();
                _listeners.Add(listener);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressNotAvailable)
            {
                listener.Dispose();
            }
        }

        _listeners.ForEach(listener => _ = AcceptAsync(listener));
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listeners.ForEach(listener => listener.Dispose());
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await listener.AcceptTcpClientAsync(_stop.Token).ConfigureAwait(false));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It was told to stop.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            using var target = await ConnectAsync().ConfigureAwait(false);
            if (target is not null)
            {
                client.NoDelay = target.NoDelay = true;
                await Task.WhenAll(PumpAsync(client, target), PumpAsync(target, client)).ConfigureAwait(false);
            }
        }
    }

    private async Task<TcpClient?> ConnectAsync()
    {
        for (var attempt = 0; attempt < _targets.Count; attempt++)
        {
            var target = new TcpClient();
            try
            {
                await target.ConnectAsync("localhost", _targets[(int)(Interlocked.Increment(ref _next) % (uint)_targets.Count)], _stop.Token).ConfigureAwait(false);
                return target;
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                target.Dispose();
            }
        }

        return null;
    }

    private async Task PumpAsync(TcpClient from, TcpClient to)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream(), _stop.Token).ConfigureAwait(false);
            to.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // One side is gone, so the other has nobody to talk to.
            from.Close();
            to.Close();
        }
    }
}
