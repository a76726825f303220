using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Kasparro.Api;
using Kasparro.Api.Catalogue;
using Kasparro.Data.Schema;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Npgsql;
using StackExchange.Redis;

namespace Kasparro.Tests.Hosting;

/// <summary>The whole API, on Kestrel and a free port, with its own database; a relay stands in front of each backing service.</summary>
internal sealed class ApiHarness : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly RelayedStores _stores;

    private ApiHarness(WebApplication app, string catalogue, string redis, RelayedStores stores)
    {
        (_app, _stores) = (app, stores);
        Redis = redis;
        Catalogue = catalogue;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        var meters = app.Services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>();
        Renders = new MetricCollector<long>(meters, ApiMetrics.MeterName, "kasparro.pages.renders");
        Hits = new MetricCollector<long>(meters, ApiMetrics.MeterName, "kasparro.pages.hits");
    }

    /// <summary>The database's connection string, which bypasses the relay.</summary>
    public string Catalogue { get; }

    /// <summary>The connection string of the Redis database, which bypasses the relay.</summary>
    public string Redis { get; }

    public HttpClient Client { get; }

    public TcpRelay Database => _stores.Postgres;

    public TcpRelay Cache => _stores.Redis;

    public MetricCollector<long> Renders { get; }

    public MetricCollector<long> Hits { get; }

    /// <summary>The mapped routes, including those that the OpenAPI document omits.</summary>
    public IEnumerable<RouteEndpoint> Routes => _app.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints)
        .OfType<RouteEndpoint>();

    /// <summary>The API's service provider.</summary>
    public IServiceProvider Services => _app.Services;

    public FakeLogCollector Logs => _app.Services.GetFakeLogCollector();

    public static async Task<ApiHarness> StartAsync(BackingServices services, CancellationToken cancellationToken, params string[] settings)
    {
        var catalogue = await services.CreateDatabaseAsync(cancellationToken);

        // Cached pages are keyed by the catalogue's version and commit time, which are the same in all copies of the template database.
        var redis = services.CreateRedisDatabase();
        return await StartAsync(catalogue, redis, cancellationToken, settings);
    }

    /// <summary>Starts another replica on the same database and Redis.</summary>
    public Task<ApiHarness> StartReplicaAsync(CancellationToken cancellationToken, params string[] settings) =>
        StartAsync(Catalogue, Redis, cancellationToken, settings);

    /// <summary>Starts an API on an existing database.</summary>
    public static Task<ApiHarness> StartOnAsync(string catalogue, string redis, CancellationToken cancellationToken,
        params string[] settings) =>
        StartAsync(catalogue, redis, cancellationToken, settings);

    public async Task<JsonObject> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await Client.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!.AsObject();
    }

    /// <summary>Gets the status of a problem, which its document repeats, and the names of the parameters that it is about.</summary>
    public async Task<(HttpStatusCode Status, string Parameters)> GetProblemAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await Client.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.ToString());
        var problem = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!;
        Assert.Equal((int)response.StatusCode, (int)problem["status"]!);
        return (response.StatusCode,
            string.Join(',', (problem["errors"]?.AsObject() ?? []).Select(error => error.Key).Order(StringComparer.Ordinal)));
    }

    /// <summary>Publishes what the worker publishes after its commit.</summary>
    public async Task AnnounceAsync(long version)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(Redis);
        await redis.GetSubscriber().PublishAsync(
            RedisChannel.Literal(CacheKeys.CatalogueChannel), version.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Resets the rate limits: the counts are shared by all replicas and survive earlier tests.</summary>
    public async Task ForgetRatesAsync()
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(Redis);
        await foreach (var key in redis.GetServers()[0].KeysAsync(pattern: $"{CacheKeys.RatePrefix}*"))
        {
            await redis.GetDatabase().KeyDeleteAsync(key);
        }
    }

    /// <summary>Has the API check the catalogue's version until it knows this one.</summary>
    public Task KnowsAsync(long version, CancellationToken cancellationToken) => Eventually.TrueAsync(
        async () => (await _app.Services.GetRequiredService<CatalogueVersionTracker>().CheckAsync(cancellationToken)).Version >= version,
        cancellationToken);

    /// <summary>Waits until the API can use Redis.</summary>
    public Task ConnectedToCacheAsync(CancellationToken cancellationToken) => Eventually.TrueAsync(
        () => Task.FromResult(_app.Services.GetRequiredService<IConnectionMultiplexer>().IsConnected), cancellationToken);

    /// <summary>Waits until the API is subscribed to the announcements.</summary>
    public async Task SubscribedAsync(CancellationToken cancellationToken)
    {
        await Eventually.TrueAsync(
            () => Task.FromResult(_app.Services.GetRequiredService<IConnectionMultiplexer>().GetSubscriber()
                .SubscribedEndpoint(RedisChannel.Literal(CacheKeys.CatalogueChannel)) is not null),
            cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        await _stores.DisposeAsync();
        Renders.Dispose();
        Hits.Dispose();
    }

    // All tests of the API run with only the rights of its role.
    private static async Task<ApiHarness> StartAsync(string catalogue, string redis, CancellationToken cancellationToken, string[] settings)
    {
        var postgres = new NpgsqlConnectionStringBuilder(catalogue) { MaxPoolSize = 10, Options = $"-c role={ApiRole.Name}" };
        var stores = RelayedStores.Create(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:kasparro"] = postgres.ConnectionString,
            ["ConnectionStrings:cache"] = redis,
        });
        var app = ApiApplication.Create(
            [
                .. stores.Settings.Select(setting => $"--{setting.Key}={setting.Value}"),
                "--urls=http://127.0.0.1:0",
                "--Api:HealthTimeout=00:00:10", // All tests share two cores, so even a healthy service may respond slowly.
                "--Api:DatabaseTimeout=00:00:30",
                .. settings,
            ],
            builder => builder.Logging.ClearProviders().AddFakeLogging());
        await app.StartAsync(cancellationToken);
        return new ApiHarness(app, catalogue, redis, stores);
    }
}
