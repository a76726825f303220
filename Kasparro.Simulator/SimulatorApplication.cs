using System.Text.Json;
using Kasparro.Simulator.Faults;
using Kasparro.Simulator.Generation;
using Kasparro.Simulator.Market;
using Kasparro.Simulator.Recorded;
using Kasparro.Simulator.Upstreams;
using Kasparro.Simulator.Wire;

namespace Kasparro.Simulator;

/// <summary>The simulator as a web application. Tests start it in-process and read its address from <c>app.Urls</c>.</summary>
internal static class SimulatorApplication
{
    private const string DefaultUrl = "http://127.0.0.1:5080";

    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Builds the application and prepares its data, so that it responds as soon as it listens.</summary>
    /// <param name="args">The command line (<see cref="SimulatorOptions"/>).</param>
    /// <param name="time">The time that prices depend on; the system's clock if null.</param>
    /// <exception cref="SimulatorOptionsException">An option is unknown or malformed, or a recording cannot be read.</exception>
    public static WebApplication Create(string[] args, TimeProvider? time = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        SimulatorOptions.AddCommandLine(builder.Configuration, args);
        var options = SimulatorOptions.Read(builder.Configuration);

        // Loopback by default: what it serves is made up, or may not be redistributed.
        if (string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey]))
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }

        // Hung and dripping responses are not worth waiting for.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Services.AddSingleton<FaultPlan>();
        builder.Services.AddSingleton<RequestLedger>();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, FaultJson.Default));

        var app = builder.Build();
        app.UseMiddleware<FaultMiddleware>();
        app.MapFaults();
        app.MapLogos();
        if (options.Recorded is { } folder)
        {
            MapRecorded(app, folder);
        }
        else
        {
            MapGenerated(app, options, time ?? TimeProvider.System);
        }

        return app;
    }

    private static void MapGenerated(WebApplication app, SimulatorOptions options, TimeProvider time)
    {
        var catalogue = SyntheticCatalogue.Generate(options.Assets, options.Seed);
        var clock = new MarketClock(time, options.PriceInterval, options.At ?? (options.Freeze ? time.GetUtcNow() : null));
        var feed = new MarketFeed(catalogue, clock);
        app.MapCoinPaprika(new GeneratedCoinPaprika(catalogue, feed, options.Plan));
        app.MapCoinGecko(new GeneratedCoinGecko(catalogue, feed, options.Plan));
        app.MapHealth(() => new HealthReport("healthy", "generated", []));
        app.MapGet("/truth", async context =>
        {
            context.Response.ContentType = "application/json";
            using var stream = new JsonStream(context.Response.BodyWriter);
            await stream.WriteArrayAsync(catalogue.Truth, WriteTruth, context.RequestAborted);
        });
    }

    private static void MapRecorded(WebApplication app, string folder)
    {
        var paprika = new RecordedCoinPaprika(folder);
        var gecko = new RecordedCoinGecko(folder);
        app.Lifetime.ApplicationStopped.Register(gecko.Dispose);
        app.MapCoinPaprika(paprika);
        app.MapCoinGecko(gecko);
        app.MapHealth(() =>
        {
            string[] missing = [.. paprika.Expected.Concat(gecko.Expected).Where(f => !f.Exists).Select(f => f.Name)];
            return new HealthReport(missing.Length == 0 ? "healthy" : "degraded", "recorded", missing);
        });
    }

    private static void WriteTruth(Utf8JsonWriter json, TruthPair pair)
    {
        json.WriteStartObject();
        json.WriteString("coinpaprika_id"u8, pair.CoinPaprikaId);
        json.WriteString("coingecko_id"u8, pair.CoinGeckoId);
        json.WriteEndObject();
    }
}
