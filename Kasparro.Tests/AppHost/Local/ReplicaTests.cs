using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.Testing;

namespace Kasparro.Tests.AppHost.Local;

/// <summary>Several processes behind one port of a resource.</summary>
public sealed class ReplicaTests
{
    private const string Seed = "73041";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replicas_share_the_port_and_one_that_dies_is_passed_over()
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            Args = ["--DcpPublisher:RandomizePorts=true"],
            AssemblyName = "Kasparro.AppHost",
            DisableDashboard = true,
        });
        builder.AddProject<Projects.Kasparro_Simulator>("upstreams", launchProfileName: null)
            .WithArgs("--assets", "10", "--seed", Seed)
            .WithReplicas(2)
            .WithHttpEndpoint()
            .WithHttpHealthCheck("/health");
        await using var app = builder.Build();
        await app.StartAsync(Cancelled);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("upstreams", Cancelled);

        var replicas = Processes.DescendantsOf(Environment.ProcessId).Where(IsSimulator).ToList();
        Assert.Equal(2, replicas.Count);
        await AskAsync(app);

        System.Diagnostics.Process.GetProcessById(replicas[0]).Kill();
        await Processes.WaitUntilGoneAsync([replicas[0]], Cancelled);

        for (var request = 0; request < 4; request++)
        {
            await AskAsync(app);
        }

        await app.StopAsync(Cancelled);
        await Processes.WaitUntilGoneAsync(replicas, Cancelled);
    }

    [Fact]
    public async Task Connections_go_to_each_replica_in_turn_and_close_when_none_is_left()
    {
        using var first = Listening();
        using var second = Listening();
        using var free = Listening();
        var port = PortOf(free);
        free.Stop();
        using var spreader = new ConnectionSpreader(port, [PortOf(first), PortOf(second)]);

        using (var one = await ConnectAsync(port))
        using (var other = await ConnectAsync(port))
        {
            using var atFirst = await first.AcceptTcpClientAsync(Cancelled);
            using var atSecond = await second.AcceptTcpClientAsync(Cancelled);
            await atFirst.GetStream().WriteAsync("1"u8.ToArray(), Cancelled);
            await atSecond.GetStream().WriteAsync("2"u8.ToArray(), Cancelled);
            Assert.Equal(['1', '2'], new[] { one, other }.Select(client => (char)client.GetStream().ReadByte()).Order());
        }

        first.Stop();
        second.Stop();
        using var late = await ConnectAsync(port);
        Assert.Equal(0, await late.GetStream().ReadAsync(new byte[1], Cancelled));
    }

    // A connection of its own each time, as from another client.
    private static async Task AskAsync(DistributedApplication app)
    {
        using var client = new HttpClient { BaseAddress = app.GetEndpoint("upstreams") };
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/health", UriKind.Relative), Cancelled)).StatusCode);
    }

    // By its seed: other tests run simulators of their own meanwhile, which may be gone when they are looked at.
    private static bool IsSimulator(int process)
    {
        try
        {
            var line = File.ReadAllText($"/proc/{process}/cmdline").Split('\0');
            return line.Contains(Seed, StringComparer.Ordinal) && !line[0].EndsWith("/sh", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static TcpListener Listening()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    private static async Task<TcpClient> ConnectAsync(int port)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, Cancelled);
        return client;
    }
}
