using System.Diagnostics;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Kasparro.Api;
using Kasparro.Data.Schema;
using Kasparro.Ingestion.Runs;
using Kasparro.ServiceDefaults;
using Kasparro.ServiceDefaults.Settings;

namespace Kasparro.Tests.AppHost;

/// <summary>The environment that the graph gives its services, compared with what Aspire publishes and injects.</summary>
public sealed class GraphDescriptionTests
{
    private static readonly string[] Publish = ["--operation", "publish", "--step", "publish-manifest"];

    private static readonly KeyValuePair<string, string>[] Database =
    [
        new("ConnectionStrings__kasparro", "{kasparro.connectionString}"),
        new("KASPARRO_HOST", "{postgres.bindings.tcp.host}"),
        new("KASPARRO_PORT", "{postgres.bindings.tcp.port}"),
        new("KASPARRO_USERNAME", "postgres"),
        new("KASPARRO_PASSWORD", "{postgres-password.value}"),
        new("KASPARRO_URI",
            "postgresql://postgres:{postgres-password.value}@{postgres.bindings.tcp.host}:{postgres.bindings.tcp.port}/kasparro"),
        new("KASPARRO_JDBCCONNECTIONSTRING", "jdbc:postgresql://{postgres.bindings.tcp.host}:{postgres.bindings.tcp.port}/kasparro"),
        new("KASPARRO_DATABASENAME", "kasparro"),
    ];

    private const string ApiConnection =
        $"Host={{postgres.bindings.tcp.host}};Port={{postgres.bindings.tcp.port}};Username={ApiRole.Name};"
        + "Password={api-database-password.value};Database=kasparro";

    private static readonly KeyValuePair<string, string>[] Cache =
    [
        new("ConnectionStrings__cache", "{cache.connectionString}"),
        new("CACHE_HOST", "{cache.bindings.tcp.host}"),
        new("CACHE_PORT", "{cache.bindings.tcp.port}"),
        new("CACHE_PASSWORD", "{cache-password.value}"),
        new("CACHE_URI", "{cache.bindings.tcp.scheme}://:{cache-password.value}@{cache.bindings.tcp.host}:{cache.bindings.tcp.port}"),
    ];

    [Fact]
    public async Task Environment_has_expressions_in_Aspires_order_when_published()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Kasparro_AppHost>(
            Publish, Cancellation);

        Assert.Equal(
            [
                new("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "in_memory"),
                new("HTTP_PORTS", "{api.bindings.http.targetPort};{api.bindings.internal.targetPort}"),
                new("Operator__Key", "{operator-key.value}"),
                new("ConnectionStrings__kasparro", ApiConnection),
                .. Cache,
                new("Metrics__Port", "{api.bindings.internal.targetPort}"),
            ],
            await EnvironmentAsync(builder, ResourceNames.Api, DistributedApplicationOperation.Publish));
        Assert.Equal(
            [
                new("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "in_memory"),
                new("Database__ApiPassword", "{api-database-password.value}"),
                .. Database,
            ],
            await EnvironmentAsync(builder, ResourceNames.Migrations, DistributedApplicationOperation.Publish));
        Assert.Equal(
            [
                new("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "in_memory"),
                new("HTTP_PORTS", "{ingestion.bindings.http.targetPort}"),
                new("Sources__CoinPaprika__BaseUrl", "{coinpaprika-url.value}"),
                new("Sources__CoinPaprika__ApiKey", "{coinpaprika-api-key.value}"),
                new("Sources__CoinGecko__BaseUrl", "{coingecko-url.value}"),
                new("Sources__CoinGecko__ApiKey", "{coingecko-api-key.value}"),
                new("Operator__Key", "{operator-key.value}"),
                .. Database,
                .. Cache,
                new("Metrics__Port", "{ingestion.bindings.http.targetPort}"),
            ],
            await EnvironmentAsync(builder, ResourceNames.Ingestion, DistributedApplicationOperation.Publish));
    }

    [Fact]
    public async Task Environment_has_Aspires_keys_when_run_in_development()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Kasparro_AppHost>(
            ["--environment=Development", "--Upstreams=live"], Cancellation);

        // The telemetry endpoints are left out, because they depend on whether there is a dashboard.
        var keys = (await EnvironmentAsync(builder, ResourceNames.Api, DistributedApplicationOperation.Run)).Select(
            variable => variable.Key)
            .Where(key => !key.StartsWith("OTEL_EXPORTER_OTLP_", StringComparison.Ordinal));
        Assert.Equivalent(
            new[]
            {
                "ASPNETCORE_URLS", "DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION", "LOGGING__CONSOLE__FORMATTERNAME",
                "OTEL_BLRP_SCHEDULE_DELAY", "OTEL_BSP_SCHEDULE_DELAY",
                "OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION",
                "OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION",
                "OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT",
                "OTEL_METRICS_EXEMPLAR_FILTER", "OTEL_METRIC_EXPORT_INTERVAL", "OTEL_RESOURCE_ATTRIBUTES", "OTEL_SERVICE_NAME",
                "OTEL_TRACES_SAMPLER", "Operator__Key", "Metrics__Port", "Shutdown__Timeout",
                "ConnectionStrings__kasparro",
            }.Concat(Cache.Select(variable => variable.Key)),
            keys,
            strict: true);
    }

    [Fact]
    public async Task Api_calls_the_ingestion_degraded_after_three_of_its_intervals_when_the_graph_sets_one()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Kasparro_AppHost>(
            ["--Upstreams=live", "--Ingestion:Interval=00:02:00"], Cancellation);

        Assert.Contains(
            new("Api__EtlMaxAge", "00:06:00"), await EnvironmentAsync(builder, ResourceNames.Api, DistributedApplicationOperation.Run));
        Assert.Equal(new ApiOptions().EtlMaxAge, 3 * new IngestionOptions().Interval);
    }

    [Fact]
    public async Task Services_get_the_interval_and_the_age_as_they_were_given()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Kasparro_AppHost>(
            ["--Upstreams=live", "--Ingestion:Interval=5", "--Api:EtlMaxAge=01:00:00"], Cancellation);

        // .NET parses this as five days, and the worker refuses it.
        Assert.Contains(
            new("Ingestion__Interval", "5"), await EnvironmentAsync(builder, ResourceNames.Ingestion, DistributedApplicationOperation.Run));
        Assert.Contains(
            new("Api__EtlMaxAge", "01:00:00"), await EnvironmentAsync(builder, ResourceNames.Api, DistributedApplicationOperation.Run));
    }

    [Theory]
    [InlineData("--Parameters:coinpaprika-api-key=abc")]
    [InlineData("--Parameters:coinpaprika_api_key=abc")]
    public async Task Key_reaches_the_worker_when_it_is_configured(string setting)
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Kasparro_AppHost>(
            [setting, "--Upstreams=live"], Cancellation);

        Assert.True(builder.Resources.TryGetByName("coinpaprika-api-key", out var parameter));
        Assert.Equal("abc", await ((IValueProvider)parameter).GetValueAsync(Cancellation));
        Assert.True(((ParameterResource)parameter).Secret);
    }

    [Fact]
    public async Task Simulator_is_in_the_graph_only_when_asked_for()
    {
        await using var live = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Kasparro_AppHost>(
            ["--Upstreams=live"], Cancellation);
        await using var simulated = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Kasparro_AppHost>(
            ["--Upstreams=simulated"], Cancellation);

        Assert.False(live.Resources.TryGetByName(ResourceNames.Upstreams, out _));
        Assert.True(simulated.Resources.TryGetByName(ResourceNames.Upstreams, out _));
        Assert.Equal("kasparro", live.Resources.OfType<PostgresDatabaseResource>().Single().DatabaseName);
        Assert.Equal("kasparro_simulated", simulated.Resources.OfType<PostgresDatabaseResource>().Single().DatabaseName);
    }

    [Theory]
    [InlineData("--Upstreams=nonsense", "Upstreams=nonsense: expected auto, live, simulated or recorded:DIR.")]
    [InlineData("--Kasparro:Port=http", "Kasparro:Port is 'http': a port from 1 to 65535 is expected.")]
    [InlineData("--Kasparro:Port=65536", "Kasparro:Port is '65536': a port from 1 to 65535 is expected.")]
    [InlineData("--Kasparro:Ephemeral=1", "Kasparro:Ephemeral is '1': true or false is expected.")]
    [InlineData("--Kasparro:Containers=yes", "Kasparro:Containers is 'yes': true or false is expected.")]
    [InlineData("--Ingestion:Interval=10min", "Ingestion:Interval is '10min': a time such as 00:10:00 is expected.")]
    [InlineData("--Parameters:coingecko_url=api.coingecko.com/api/v3/",
        "Parameters:coingecko-url is 'api.coingecko.com/api/v3/': a URL that begins with https:// or http:// is expected.")]
    public async Task AppHost_names_the_setting_that_it_refuses(string setting, string message)
    {
        var error = await Assert.ThrowsAsync<DistributedApplicationException>(() =>
            DistributedApplicationTestingBuilder.CreateAsync<Projects.Kasparro_AppHost>(
                ["--Upstreams=live", setting], Cancellation));

        Assert.Equal(message, error.Message);
    }

    [Fact]
    public async Task AppHost_ends_with_one_line_when_it_refuses_a_setting()
    {
        var appHost = Path.Combine(AppContext.BaseDirectory, "Kasparro.AppHost.dll");
        var (exitCode, _, errors) = await new ProcessStartInfo("dotnet", [appHost, "--Upstreams=live", "--Kasparro:Port=http"])
            .RunAsync(Cancellation);

        Assert.Equal("error: Kasparro:Port is 'http': a port from 1 to 65535 is expected.", errors.TrimEnd());
        Assert.Equal(SettingsException.ExitCode, exitCode);
    }

    [Theory]
    [InlineData("--DOTNET_WATCH=1")] // As set by dotnet watch.
    [InlineData("--Kasparro:Port=")]
    [InlineData("--Kasparro:Containers=")]
    [InlineData("--Ingestion:Interval=")]
    public async Task AppHost_takes_an_empty_setting_for_none_and_what_its_tools_set(string setting)
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Kasparro_AppHost>(
            ["--Upstreams=live", setting], Cancellation);

        Assert.True(builder.Resources.TryGetByName(ResourceNames.Api, out _));
    }

    [Fact]
    public async Task Api_has_the_port_that_was_asked_for_where_all_others_are_chosen_anew()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Kasparro_AppHost>(
            ["--Upstreams=live", "--DcpPublisher:RandomizePorts=true", "--Kasparro:Port=47613"], Cancellation);

        var api = builder.Resources.Single(resource => resource.Name == ResourceNames.Api);
        var endpoint = api.Annotations.OfType<EndpointAnnotation>().Single(endpoint => endpoint.Name == "http");
        Assert.Equal((47613, 47613, false), (endpoint.Port, endpoint.TargetPort, endpoint.IsProxied));
    }

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public async Task AppHost_ends_once_its_servers_have_so_that_the_next_one_has_their_data_alone(string containers)
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Kasparro_AppHost>(
            ["--Upstreams=live", "--DcpPublisher:WaitForResourceCleanup=false", $"--Kasparro:Containers={containers}"],
            Cancellation);

        Assert.Equal("true", builder.Configuration["DcpPublisher:WaitForResourceCleanup"]);
    }

    private static async Task<List<KeyValuePair<string, string>>> EnvironmentAsync(
        IDistributedApplicationTestingBuilder builder, string name, DistributedApplicationOperation operation)
    {
        Assert.True(builder.Resources.TryGetByName(name, out var resource));
        var context = new EnvironmentCallbackContext(
            new DistributedApplicationExecutionContext(operation), resource, cancellationToken: Cancellation);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await annotation.Callback(context);
        }

        return [.. context.EnvironmentVariables.Select(variable => KeyValuePair.Create(
            variable.Key,
            variable.Value is IManifestExpressionProvider expression ? expression.ValueExpression : variable.Value.ToString()!))];
    }
}
