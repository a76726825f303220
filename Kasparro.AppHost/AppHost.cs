using Kasparro.AppHost;
using Kasparro.AppHost.Servers;
using Kasparro.ServiceDefaults;
using Microsoft.Extensions.Configuration;

var builder = DistributedApplication.CreateBuilder(args);
var upstreams = await UpstreamSelection.ResolveAsync(builder);

var postgres = builder.AddPostgres(ResourceNames.Postgres);
var catalogue = postgres.AddDatabase(ResourceNames.Catalogue, upstreams.DatabaseName);
var cache = builder.AddRedis(ResourceNames.Cache);
cache.WithCommand("clear-hot-pages", "Clear hot pages", context => DashboardCommands.ClearHotPagesAsync(cache.Resource, context), DashboardCommands.ClearHotPages);
if (builder.ExecutionContext.IsRunMode && !builder.Configuration.GetValue<bool>("Kasparro:Ephemeral"))
{
    postgres.WithDataVolume(); // Its name has this clone's path in it.
}

if (!builder.HasContainerEngine())
{
    postgres.RunAsProcess("postgres.sh");
    cache.RunAsProcess("redis.sh");
}

var paprikaUrl = builder.AddParameter("coinpaprika-url", Setting("coinpaprika-url") ?? "https://api.coinpaprika.com/v1/");
var paprikaKey = builder.AddParameter("coinpaprika-api-key", Setting("coinpaprika-api-key") ?? "", secret: true);
var geckoUrl = builder.AddParameter("coingecko-url", Setting("coingecko-url") ?? "https://api.coingecko.com/api/v3/");
var geckoKey = builder.AddParameter("coingecko-api-key", Setting("coingecko-api-key") ?? "", secret: true);
var operatorKey = builder.AddParameter("operator-key", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);

var migrations = builder.AddProject<Projects.Kasparro_Ingestion>(ResourceNames.Migrations, launchProfileName: null)
    .WithArgs("migrate")
    .WithReference(catalogue).WaitFor(catalogue);

var ingestion = builder.AddProject<Projects.Kasparro_Ingestion>(ResourceNames.Ingestion, launchProfileName: null)
    .WithHttpEndpoint()
    .WithHttpHealthCheck("/health")
    .WithEnvironment("Sources__CoinPaprika__BaseUrl", paprikaUrl)
    .WithEnvironment("Sources__CoinPaprika__ApiKey", paprikaKey)
    .WithEnvironment("Sources__CoinGecko__BaseUrl", geckoUrl)
    .WithEnvironment("Sources__CoinGecko__ApiKey", geckoKey)
    .WithEnvironment("Operator__Key", operatorKey)
    .WithHttpCommand("/ingestions", "Ingest now", commandName: "ingest", commandOptions: DashboardCommands.Ingest(operatorKey.Resource))
    .WithReference(catalogue)
    .WithReference(cache).WaitFor(cache)
    .WaitForCompletion(migrations);
ingestion.WithEnvironment("Metrics__Port", PortOf(ingestion.GetEndpoint("http")));

var api = builder.AddProject<Projects.Kasparro_Api>(ResourceNames.Api, launchProfileName: null)
    .WithHttpEndpoint(port: 8000)
    .WithExternalHttpEndpoints()
    .WithHttpEndpoint(name: ResourceNames.Internal) // After the line above, which is about the endpoints before it.
    .WithHttpHealthCheck("/health")
    .WithEnvironment("Operator__Key", operatorKey)
    .WithReference(catalogue)
    .WithReference(cache).WaitFor(cache)
    .WaitForCompletion(migrations);
api.WithEnvironment("Metrics__Port", PortOf(api.GetEndpoint(ResourceNames.Internal)));

if (upstreams.SimulatorArguments is { } arguments)
{
    var simulator = builder.AddProject<Projects.Kasparro_Simulator>(ResourceNames.Upstreams, launchProfileName: null)
        .WithArgs(arguments)
        .WithHttpEndpoint()
        .WithHttpHealthCheck("/health");
    var endpoint = simulator.GetEndpoint("http");

    ingestion.WaitFor(simulator)
        .WithEnvironment("Upstreams__Kind", upstreams.Kind)
        .WithEnvironment("Sources__CoinPaprika__BaseUrl", ReferenceExpression.Create($"{endpoint}/coinpaprika/v1/"))
        .WithEnvironment("Sources__CoinGecko__BaseUrl", ReferenceExpression.Create($"{endpoint}/coingecko/api/v3/"));
}

RunEnvironmentFile.AddTo(builder);
using var application = builder.Build();
application.Run();

// AddParameter with a value never looks into the configuration; an underscore stands for a dash, which a shell cannot export.
string? Setting(string name) => builder.Configuration[$"Parameters:{name}"] ?? builder.Configuration[$"Parameters:{name.Replace('-', '_')}"];

// The port that the process itself listens on, behind whatever leads there.
static ReferenceExpression PortOf(EndpointReference endpoint) => ReferenceExpression.Create($"{endpoint.Property(EndpointProperty.TargetPort)}");
