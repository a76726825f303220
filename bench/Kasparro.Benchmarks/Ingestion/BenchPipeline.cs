using Kasparro.Data.Runs;
using Kasparro.Ingestion;
using Kasparro.Ingestion.Runs;
using Kasparro.Ingestion.Sources;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kasparro.Benchmarks.Ingestion;

/// <summary>The product's own ingestion, including the lock, with upstreams that respond within the process.</summary>
internal sealed class BenchPipeline : IDisposable
{
    private readonly IHost _host;
    private CannedUpstream _upstream = CannedUpstream.OfNothing;

    /// <param name="postgres">The catalogue.</param>
    /// <param name="redis">The Redis for the run lock.</param>
    /// <param name="time">The clock; null for the system's.</param>
    public BenchPipeline(string postgres, string redis, TimeProvider? time = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(Settings(postgres, redis, "http://upstream.invalid/"));
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddMetrics();
        builder.AddServiceDefaults();
        builder.AddIngestion();
        builder.Services.PostConfigureAll<HttpClientFactoryOptions>(
            client => client.HttpMessageHandlerBuilderActions.Add(
                handlers => handlers.PrimaryHandler = new CannedUpstream.Handler(() => _upstream)));
        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        _host = builder.Build();
    }

    /// <summary>The product's own services.</summary>
    public IServiceProvider Services => _host.Services;

    /// <summary>Creates the configuration of an ingestion, also for a separate process.</summary>
    public static Dictionary<string, string?> Settings(string postgres, string redis, string upstream) => new(StringComparer.Ordinal)
    {
        ["ConnectionStrings:kasparro"] = postgres,
        ["ConnectionStrings:cache"] = redis,
        ["Upstreams:Kind"] = "simulated",
        ["Sources:CoinPaprika:BaseUrl"] = upstream,
        ["Sources:CoinPaprika:RequestsPerMinute"] = "0",
        ["Sources:CoinGecko:BaseUrl"] = upstream,
        ["Sources:CoinGecko:RequestsPerMinute"] = "0",
    };

    /// <summary>Reads one source to its end.</summary>
    /// <returns>The time it took, from taking the lock to releasing it.</returns>
    /// <exception cref="InvalidOperationException">The run failed, or its counts were not as expected, so that its time is
    /// meaningless.</exception>
    public async Task<TimeSpan> IngestAsync(
        string source, CannedUpstream upstream, (int Inserted, int Updated, int Unchanged) expected, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        var began = time.GetTimestamp();
        var outcome = await RunAsync(new(RunTrigger.Command, [source]), upstream, cancellationToken);
        var took = time.GetElapsedTime(began);
        var totals = outcome.Sources.Single().Totals;
        var done = (totals.Inserted, totals.Updated, totals.Unchanged);
        return done == expected ? took : throw new InvalidOperationException($"{source}: did {done}, not {expected}.");
    }

    /// <summary>Runs an ingestion request.</summary>
    /// <exception cref="InvalidOperationException">A run failed.</exception>
    public async Task<IngestionOutcome> RunAsync(IngestionRequest request, CannedUpstream upstream, CancellationToken cancellationToken)
    {
        _upstream = upstream;
        var outcome = await _host.Services.GetRequiredService<IngestionPipeline>().RunAsync(request, progress: null, cancellationToken);
        return outcome.Succeeded
            ? outcome
            : throw new InvalidOperationException(
                outcome.LockedOut
                    ? "Another ingestion holds the lock in this Redis."
                    : string.Join("; ", outcome.Sources.Select(run => run.Error)));
    }

    /// <summary>Closes the connections, whose prepared statements were planned for a catalogue that no longer exists.</summary>
    public void Disconnect() => _host.Services.GetRequiredService<NpgsqlDataSource>().Clear();

    public void Dispose() => _host.Dispose();
}
