using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace Kasparro.Tests.Integration.Operations;

/// <summary>Two replicas of the API, one of which is told to stop under load.</summary>
public sealed class DrainTests(BackingServices services)
{
    private const int Clients = 8;

    // In this time a busy machine has to notice that the replica is not ready any more and to send it a last request.
    private static readonly TimeSpan DrainDelay = TimeSpan.FromSeconds(5);

    private static readonly string[] Routes = ["/data", "/data?page_size=5", "/runs", "/stats", "/health"];

    [Fact]
    public async Task No_request_fails_when_one_of_two_replicas_is_terminated_under_load()
    {
        var catalogue = await SeededAsync();
        await using var first = Start(catalogue);
        await using var second = Start(catalogue);
        await first.AnswersAsync("/health/ready", HttpStatusCode.OK, Cancellation);
        await second.AnswersAsync("/health/ready", HttpStatusCode.OK, Cancellation);

        // Acts as a proxy: checks whether each replica is ready, sends requests to ready replicas, and tries the other one if a connection
        // is refused.
        ServiceProcess[] replicas = [first, second];
        bool[] isReady = [true, true];
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var failures = new ConcurrentQueue<string>();
        var served = new int[replicas.Length];
        var probing = Task.WhenAll(
            replicas.Select((replica, index) => ProbeAsync(replica, ready => Volatile.Write(ref isReady[index], ready), ended.Token)));
        var load = Enumerable.Range(0, Clients).Select(client => AskAsync(client)).ToList();

        await Eventually.TrueAsync(() => Task.FromResult(served.All(count => Volatile.Read(in count) > 50)), Cancellation);
        using var events =
            await first.Client.GetAsync(new Uri("/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancellation);
        var stopped = Stopwatch.StartNew();
        await first.SignalAsync("TERM", Cancellation);
        await first.AnswersAsync("/health/ready", HttpStatusCode.ServiceUnavailable, Cancellation);
        using (var alive = await first.Client.GetAsync(new Uri("/data", UriKind.Relative), Cancellation))
        {
            Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
            Assert.True(alive.Headers.ConnectionClose);
        }

        Assert.Contains(
            "event:", await events.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal); // A stream ends properly, too.
        var exitCode = await first.WaitAsync(Cancellation);
        var took = stopped.Elapsed;
        var servedBySecond = Volatile.Read(ref served[1]);
        await Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref served[1]) > servedBySecond + 50), Cancellation);
        await ended.CancelAsync();
        await Task.WhenAll(load);
        await probing;

        TestContext.Current.SendDiagnosticMessage(
            $"{served[0]} + {served[1]} requests served, {failures.Count} failed; the replica ended after {took}");
        Assert.Empty(failures);
        Assert.Equal(0, exitCode);
        Assert.InRange(took, DrainDelay * 0.95, TimeSpan.MaxValue);
        Assert.DoesNotContain("   at ", first.Output, StringComparison.Ordinal);

        async Task AskAsync(int client)
        {
            KeepAliveClient[] connections = [.. replicas.Select(replica => new KeepAliveClient(replica.Client.BaseAddress!.Port))];
            for (var turn = client; !ended.IsCancellationRequested; turn++)
            {
                var choice = turn % replicas.Length;
                choice = Volatile.Read(in isReady[choice]) ? choice : (choice + 1) % replicas.Length;
                var route = Routes[turn % Routes.Length];
                try
                {
                    var status = await connections[choice].GetAsync(route, Cancellation);
                    if (status is null)
                    {
                        choice = (choice + 1) % replicas.Length;
                        status = await connections[choice].GetAsync(route, Cancellation);
                    }

                    if (status is 200)
                    {
                        Interlocked.Increment(ref served[choice]);
                    }
                    else
                    {
                        failures.Enqueue($"{route} of replica {choice}: {status}");
                    }
                }
                catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
                {
                    failures.Enqueue($"{route} of replica {choice}: {e.Message}");
                    connections[choice].Dispose();
                }
            }

            Array.ForEach(connections, connection => connection.Dispose());
        }
    }

    private static async Task ProbeAsync(ServiceProcess replica, Action<bool> tell, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        using var probe = new KeepAliveClient(replica.Client.BaseAddress!.Port);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                tell(await probe.GetAsync("/health/ready", cancellationToken) == 200);
                await timer.WaitForNextTickAsync(cancellationToken);
            }
            catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or OperationCanceledException)
            {
                probe.Dispose(); // The next probe connects again.
                tell(false);
            }
        }
    }

    private ServiceProcess Start(string catalogue) => ServiceProcess.StartApi(new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["ConnectionStrings:kasparro"] = catalogue,
        ["ConnectionStrings:cache"] = services.CreateRedisDatabase(),
        ["Shutdown:DrainDelay"] = $"{DrainDelay}",
        ["Api:DatabaseTimeout"] = "00:01:00", // So that a busy machine does not respond 503.
    });

    private async Task<string> SeededAsync()
    {
        var catalogue = await services.CreateDatabaseAsync(Cancellation);
        await CatalogueSeed.CommitAsync(
            catalogue, [.. Enumerable.Range(1, 200).Select(number => CatalogueSeed.Asset(number, $"S{number}", number * 1e6))],
            Cancellation);
        return catalogue;
    }
}
