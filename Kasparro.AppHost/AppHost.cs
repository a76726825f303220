using System.Globalization;
using Kasparro.AppHost;
using Kasparro.AppHost.Servers;
using Kasparro.ServiceDefaults;

GraphSettings.ReportRefusals();
GraphSettings.BypassProxyForLoopback();
var builder = DistributedApplication.CreateBuilder(args);
var upstreams = await UpstreamSelection.ResolveAsync(builder);
var (port, target) = ApiPort.Choose(builder);

var postgres = builder.AddPostgres(ResourceNames.Postgres);
var catalogue = postgres.AddDatabase(ResourceNames.Catalogue, upstreams.DatabaseName);
var cache = builder.AddRedis(ResourceNames.Cache).WithIconName("Flash").WithClearHotPagesCommand();
if (builder.ExecutionContext.IsRunMode && builder.ReadSwitch("Kasparro:Ephemeral") is not true)
{
    postgres.WithDataVolume(); // Its name contains this clone's path.
}

// The AppHost stops only after the servers have, so that the next start can use their data: two servers on one volume destroy it.
builder.Configuration["DcpPublisher:WaitForResourceCleanup"] = "true";

if (!builder.HasContainerEngine())
{
    postgres.RunAsProcess("postgres.sh", "-c", "max_connections=200");
    cache.RunAsProcess("redis.sh");
}

var paprika = Setting("coinpaprika-url") ?? "https://api.coinpaprika.com/v1/";
var gecko = Setting("coingecko-url") ?? "https://api.coingecko.com/api/v3/";
var paprikaUrl = builder.AddParameter("coinpaprika-url", paprika).WithDescription("Where CoinPaprika's API is.");
var paprikaKey = builder.AddParameter("coinpaprika-api-key", Setting("coinpaprika-api-key") ?? "", secret: true)
    .WithDescription("The key of a paid plan; empty for the free one.");
var geckoUrl = builder.AddParameter("coingecko-url", gecko).WithDescription("Where CoinGecko's API is.");
var geckoKey = builder.AddParameter("coingecko-api-key", Setting("coingecko-api-key") ?? "", secret: true)
    .WithDescription("The key of a demo or paid plan; empty for none.");
var operatorKey = builder.AddParameter(
    "operator-key", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true)
    .WithDescription("What an operator sends as X-Api-Key, to order an ingestion or to decide on identities.");
var apiPassword = builder.AddParameter(
    "api-database-password", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true)
    .WithDescription("The password of the API's role in the database, which migrations make.");

var migrations = builder.AddProject<Projects.Kasparro_Ingestion>(ResourceNames.Migrations, launchProfileName: null)
    .WithArgs("migrate")
    .WithIconName("DatabaseArrowUp")
    .WithParentRelationship(catalogue)
    .WithEnvironment("Database__ApiPassword", apiPassword)
    .WithReference(catalogue).WaitFor(catalogue);

var ingestion = builder.AddProject<Projects.Kasparro_Ingestion>(ResourceNames.Ingestion, launchProfileName: null)
    .WithIconName("ArrowSync")
    .WithHttpEndpoint()
    .WithUrlForEndpoint("http", url => (url.DisplayText, url.Url) = ("Metrics", "/metrics"))
    .WithHttpHealthCheck("/health")
    .WithEnvironment("Sources__CoinPaprika__BaseUrl", paprikaUrl)
    .WithEnvironment("Sources__CoinPaprika__ApiKey", paprikaKey)
    .WithEnvironment("Sources__CoinGecko__BaseUrl", geckoUrl)
    .WithEnvironment("Sources__CoinGecko__ApiKey", geckoKey)
    .WithEnvironment("Operator__Key", operatorKey)
    .DisableForwardedHeaders() // When publishing, Aspire would trust the headers of every client.
    .WithQuickStop()
    .WithIngestionCommands()
    .WithReference(catalogue)
    .WithReference(cache).WaitFor(cache)
    .WaitForCompletion(migrations);
ingestion.WithEnvironment("Metrics__Port", GetPort(ingestion.GetEndpoint("http")));

var api = builder.AddProject<Projects.Kasparro_Api>(ResourceNames.Api, launchProfileName: null)
    .WithIconName("Globe")
    .WithHttpEndpoint(port: port, targetPort: target, isProxied: target is null)
    .WithExternalHttpEndpoints()
    .WithHttpEndpoint(name: ResourceNames.Internal) // After the line above, which applies to all endpoints before it.
    .WithUrlForEndpoint("http", url => url.DisplayText = "Explorer")
    .WithUrlForEndpoint("http", _ => new ResourceUrlAnnotation { Url = "/docs", DisplayText = "API docs" })
    .WithUrlForEndpoint(ResourceNames.Internal, url => (url.DisplayText, url.Url) = ("Metrics", "/metrics"))
    .WithHttpHealthCheck("/health")
    .WithEnvironment("Operator__Key", operatorKey)
    .WithBackfillCommand(operatorKey)
    .DisableForwardedHeaders() // Api:KnownProxies lists the trusted proxies; Aspire would trust every client when publishing.
    .WithQuickStop()
    .WithEnvironment($"ConnectionStrings__{ResourceNames.Catalogue}", ApiConnection())
    .WithReferenceRelationship(catalogue)
    .WithReference(cache).WaitFor(cache)
    .WaitForCompletion(migrations);
api.WithEnvironment("Metrics__Port", GetPort(api.GetEndpoint(ResourceNames.Internal)));

if (builder.Read<TimeSpan>("Ingestion:Interval", "a time such as 00:10:00") is { } interval)
{
    // Passed on as given: the worker rejects texts that .NET parses as a different time than they suggest.
    ingestion.WithEnvironment("Ingestion__Interval", builder.Configuration["Ingestion:Interval"]);

    // As in the defaults: degraded after three intervals without a run.
    api.WithEnvironment("Api__EtlMaxAge", builder.Configuration["Api:EtlMaxAge"]
        ?? TimeSpan.FromSeconds(3 * double.Clamp(interval.TotalSeconds, 1, 1e6)).ToString("c", CultureInfo.InvariantCulture));
}

if (upstreams.SimulatorArguments is { } arguments)
{
    var simulator = builder.AddProject<Projects.Kasparro_Simulator>(ResourceNames.Upstreams, launchProfileName: null)
        .WithArgs(arguments)
        .WithIconName("Beaker")
        .WithHttpEndpoint()
        .WithHttpHealthCheck("/health");
    var endpoint = simulator.GetEndpoint("http");

    ingestion.WaitFor(simulator)
        .WithEnvironment("Upstreams__Kind", upstreams.Kind)
        .WithEnvironment("Sources__CoinPaprika__BaseUrl", ReferenceExpression.Create($"{endpoint}/coinpaprika/v1/"))
        .WithEnvironment("Sources__CoinGecko__BaseUrl", ReferenceExpression.Create($"{endpoint}/coingecko/api/v3/"))
        .WithEnvironment("Logos__Origin", ReferenceExpression.Create($"{endpoint}/logos/"));
}
else if (builder.ExecutionContext.IsRunMode)
{
    ingestion.WithReferenceRelationship(builder.AddLiveUpstream("coinpaprika", paprika))
        .WithReferenceRelationship(builder.AddLiveUpstream("coingecko", gecko));
}

builder.RunServicesAsBuilt();
using var application = builder.Build();
application.Run();

// AddParameter with a value ignores the configuration. A shell cannot export names with dashes, so underscores are accepted instead.
string? Setting(string name) =>
    builder.Configuration[$"Parameters:{name}"] ?? builder.Configuration[$"Parameters:{name.Replace('-', '_')}"];

// The port on which the process itself listens, behind any proxy.
static ReferenceExpression GetPort(EndpointReference endpoint) =>
    ReferenceExpression.Create($"{endpoint.Property(EndpointProperty.TargetPort)}");

// The API connects with its own role, which can only read and write what its routes need, not as the owner of the schema.
ReferenceExpression ApiConnection()
{
    var server = postgres.Resource.PrimaryEndpoint;
    return ReferenceExpression.Create(
        $"Host={server.Property(EndpointProperty.Host)};Port={server.Property(EndpointProperty.Port)};"
            + $"Username=kasparro_api;Password={apiPassword};Database={catalogue.Resource.DatabaseName}");
}
