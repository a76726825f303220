using System.Net;
using System.Net.Http.Json;
using Npgsql;

namespace Kasparro.Tests.Integration.Operations;

/// <summary>
/// A worker and an API with containers' settings and known keys, with everything that they logged and exported after the worker read all
/// three sources and clients sent the API all kinds of requests, valid and invalid.
/// </summary>
public sealed class WatchedServices(BackingServices services) : IAsyncLifetime
{
    public const string PaprikaKey = "marker-paprika-key-7d1f9c";
    public const string GeckoKey = "marker-gecko-key-e02b44";
    public const string OperatorKey = "marker-operator-key-95ab31c0";
    public const string WrongKey = "marker-wrong-key-1c55e0aa7b";

    private readonly string _folder = Directory.CreateTempSubdirectory("kasparro-watched-").FullName;
    private Collector _collector = null!;
    private SimulatorHost _simulator = null!;
    private ServiceProcess _worker = null!;
    private ServiceProcess _api = null!;

    /// <summary>Values that must not appear anywhere, by name: the keys and the passwords of the real stores.</summary>
    public IReadOnlyDictionary<string, string> Secrets { get; private set; } = null!;

    public string WorkerMetrics { get; private set; } = "";

    public string ApiMetrics { get; private set; } = "";

    public string WorkerLog { get; private set; } = "";

    public string ApiLog { get; private set; } = "";

    public string Spans { get; private set; } = "";

    public string ExportedLogs { get; private set; } = "";

    public string ExportedMetrics { get; private set; } = "";

    internal HttpClient PublicApi => _api.Client;

    internal HttpClient InternalApi => _api.Internal;

    internal HttpClient PublicWorker => _worker.Client;

    public async ValueTask InitializeAsync()
    {
        var cancellationToken = Cancellation;
        var catalogue = await services.CreateDatabaseAsync(cancellationToken);
        Secrets = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["CoinPaprika's key"] = PaprikaKey,
            ["CoinGecko's key"] = GeckoKey,
            ["the operator key"] = OperatorKey,
            ["a client's wrong key"] = WrongKey,
            ["Postgres's password"] = new NpgsqlConnectionStringBuilder(catalogue).Password!,
            ["Redis's password"] = services.RedisConnectionString.Split("password=")[1].Split(',')[0],
        };
        Assert.All(Secrets.Values, secret => Assert.True(secret.Length > 8));

        _collector = await Collector.StartAsync(cancellationToken);
        _simulator = await SimulatorHost.StartAsync("--assets", "300");
        var upstream = _simulator.Client.BaseAddress!;
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:kasparro"] = catalogue,
            ["ConnectionStrings:cache"] = services.CreateRedisDatabase(),
            ["Operator:Key"] = OperatorKey,
            ["DOTNET_RUNNING_IN_CONTAINER"] = "true",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _collector.Url,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "500",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "500",
        };
        _api = ServiceProcess.StartApi(settings);
        _worker = ServiceProcess.StartWorker(new Dictionary<string, string?>(settings, StringComparer.Ordinal)
        {
            ["Upstreams:Kind"] = "live", // So that calls count towards the plans' monthly quotas.
            ["Logos:Enabled"] = "false", // Logos would be requested from live hosts, outside of any run.
            ["Sources:CoinPaprika:BaseUrl"] = $"{upstream}coinpaprika/v1/",
            ["Sources:CoinPaprika:ApiKey"] = PaprikaKey,
            ["Sources:CoinPaprika:PageSize"] = "100",
            ["Sources:CoinPaprika:RequestsPerMinute"] = "0",
            ["Sources:CoinPaprika:EvidenceInterval"] = "00:00:00",
            ["Sources:CoinGecko:BaseUrl"] = $"{upstream}coingecko/api/v3/",
            ["Sources:CoinGecko:ApiKey"] = GeckoKey,
            ["Sources:CoinGecko:PageSize"] = "100",
            ["Sources:CoinGecko:RequestsPerMinute"] = "6000", // More than it sends; with a limit, Redis counts each call.
            ["Sources:CoinGecko:EvidenceInterval"] = "00:00:00",
            ["Sources:Csv:Path"] = await BadFileAsync(cancellationToken),
        });

        await _worker.WritesAsync("csv_source: completed", cancellationToken);
        await _api.AnswersAsync("/health/ready", HttpStatusCode.OK, cancellationToken);
        await AskAsync(cancellationToken);
        await OrderBackfillAsync(cancellationToken);
        await Eventually.TrueAsync(
            async () =>
            {
                WorkerMetrics = await ScrapeAsync(_worker, cancellationToken);
                ApiMetrics = await ScrapeAsync(_api, cancellationToken);
                return WorkerMetrics.Contains("kasparro_health_check_status", StringComparison.Ordinal)
                    && WorkerMetrics.Contains("kasparro_backfill_runs_total", StringComparison.Ordinal)
                    && ApiMetrics.Contains("kasparro_source_age_seconds", StringComparison.Ordinal)
                    && _collector.Read("traces").Contains("GET", StringComparison.Ordinal)
                    && _collector.Read("metrics").Length > 0
                    && _collector.Read("logs").Length > 0;
            },
            cancellationToken);
        (WorkerLog, ApiLog) = (_worker.Output, _api.Output);
        (Spans, ExportedLogs, ExportedMetrics) = (_collector.Read("traces"), _collector.Read("logs"), _collector.Read("metrics"));
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _api.DisposeAsync();
        await _simulator.DisposeAsync();
        await _collector.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<string> BadFileAsync(CancellationToken cancellationToken)
    {
        var file = Path.Combine(_folder, "assets.csv");
        await File.WriteAllTextAsync(file, "id,symbol,name,price_usd\nrow1,S1,Name 1,1.5\nrow2,S2,Name 2,much\n", cancellationToken);
        return file;
    }

    private static Task<string> ScrapeAsync(ServiceProcess service, CancellationToken cancellationToken) =>
        service.Internal.GetStringAsync(new Uri("/metrics", UriKind.Relative), cancellationToken);

    // A busy machine may respond 503; an additional backfill from a retry does no harm here.
    private Task OrderBackfillAsync(CancellationToken cancellationToken) => Eventually.TrueAsync(
        async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/backfills")
            {
                Headers = { { "X-Api-Key", OperatorKey } },
                Content = JsonContent.Create(new { top = 1 }),
            };
            using var response = await _api.Client.SendAsync(request, cancellationToken);
            Assert.Contains(response.StatusCode, (HttpStatusCode[])[HttpStatusCode.Accepted, HttpStatusCode.ServiceUnavailable]);
            return response.StatusCode is HttpStatusCode.Accepted;
        },
        cancellationToken);

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        await Eventually.TrueAsync(
            async () =>
            {
                // A page is served from the cache once it was rendered in time and the worker did not commit between two requests.
                using var again = await _api.Client.GetAsync(new Uri("/data", UriKind.Relative), cancellationToken);
                return (await ScrapeAsync(_api, cancellationToken)).Contains("tier=\"process\"", StringComparison.Ordinal);
            },
            cancellationToken);
        foreach (var route in (string[])[
            "/data", "/data?page=2", "/stats", "/runs", "/health", "/data?page=x", "/nowhere", $"/data?api_key={OperatorKey}"])
        {
            using var response = await _api.Client.GetAsync(new Uri(route, UriKind.Relative), cancellationToken);
        }

        foreach (var key in (string[])[WrongKey, OperatorKey])
        {
            foreach (var service in (HttpClient[])[_api.Client, _worker.Client])
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/ingestions") { Headers = { { "X-Api-Key", key } } };
                using var response = await service.SendAsync(request, cancellationToken);
            }
        }
    }
}
