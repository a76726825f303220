using System.Diagnostics.Metrics;
using Kasparro.Api;
using Kasparro.Api.Catalogue;
using Kasparro.Benchmarks.Reporting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Kasparro.Benchmarks.Api;

/// <summary>
/// Sends requests for one cold key from many clients at once to two replicas of the API, in this process so that their renders can be
/// counted.
/// </summary>
internal sealed class ReplicaBench(IReadOnlyDictionary<string, string?> settings)
{
    private const int Clients = 32;

    public async Task RunAsync(int rounds, Series renders, CancellationToken cancellationToken)
    {
        long rendered = 0;
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument is { Meter.Name: ApiMetrics.MeterName, Name: "kasparro.pages.renders" })
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meters.SetMeasurementEventCallback<long>((_, measurement, _, _) => Interlocked.Add(ref rendered, measurement));
        meters.Start();

        await using var one = await StartAsync(cancellationToken);
        await using var other = await StartAsync(cancellationToken);
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Clients });
        string[] replicas = [one.Urls.First(), other.Urls.First()];
        await AskAsync("/data?page=1&page_size=99"); // Opens connections and compiles code.
        for (var round = 0; round < rounds; round++)
        {
            var before = Interlocked.Read(ref rendered);
            await AskAsync($"/data?page={2 + round}&page_size=37");
            renders.Add(Interlocked.Read(ref rendered) - before);
        }

        // If they were disposed while running, their background services would fail instead of ending.
        await one.StopAsync(cancellationToken);
        await other.StopAsync(cancellationToken);

        Task AskAsync(string url) => Task.WhenAll(Enumerable.Range(0, Clients).Select(
            client => http.GetByteArrayAsync(new Uri(replicas[client % replicas.Length] + url), cancellationToken)));
    }

    private async Task<WebApplication> StartAsync(CancellationToken cancellationToken)
    {
        var app = ApiApplication.Create(
            ["--urls=http://127.0.0.1:0", .. settings.Select(setting => $"--{setting.Key}={setting.Value}")],
            builder => builder.Logging.SetMinimumLevel(LogLevel.Warning));
        await app.StartAsync(cancellationToken);
        return app;
    }
}
