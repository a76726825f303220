using System.Net;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard.Wire;
using Aspire.Hosting.Testing;
using Grpc.Core;
using Grpc.Net.Client;
using Kasparro.ServiceDefaults;
using Kasparro.Tests.Integration;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Kasparro.Tests.AppHost.Local;

/// <summary>What the dashboard gets to know of the running graph, what it may have done to it, and what nobody gets to know.</summary>
public sealed class ResourceServiceTests(RunningGraph graph) : IClassFixture<RunningGraph>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Resources_have_state_health_source_addresses_and_relationships()
    {
        var resources = (await ResourcesAsync()).ToDictionary(resource => resource.DisplayName, StringComparer.Ordinal);

        Assert.Superset(new HashSet<string>(["postgres", "kasparro", "cache", "migrations", "ingestion", "api", "upstreams", "operator-key"], StringComparer.Ordinal), resources.Keys.ToHashSet(StringComparer.Ordinal));
        var api = resources["api"];
        Assert.Equal(("Project", "Running"), (api.ResourceType, api.State));
        Assert.Equal(HealthStatus.Healthy, Assert.Single(api.HealthReports).Status);
        Assert.Equal(
            new[] { "http", "internal" }.Select(endpoint => (endpoint, graph.App.GetEndpoint("api", endpoint).ToString().TrimEnd('/'))),
            api.Urls.Select(url => (url.EndpointName, url.FullUrl)));
        Assert.Equal("Kasparro.Api.csproj", Path.GetFileName(Property(api, "project.path")));
        Assert.True(api.StartedAt >= api.CreatedAt);
        Assert.Equal(
            ["Reference operator-key", "Reference kasparro", "Reference cache", "WaitFor cache", "WaitFor migrations"],
            api.Relationships.Select(other => $"{other.Type} {other.ResourceName}"), StringComparer.Ordinal);
        Assert.Equal($"api-{api.Environment.Single(variable => variable.Name == "OTEL_RESOURCE_ATTRIBUTES").Value.Split('=')[1]}", api.Name);
        Assert.Equal(("Finished", "0"), (resources["migrations"].State, Property(resources["migrations"], "resource.exitCode")));
        Assert.Equal("postgres", Property(resources["kasparro"], "resource.parentName"));
        Assert.Equal("redis-server", Path.GetFileName(Property(resources["cache"], "executable.path")));
        Assert.Contains(resources["cache"].Commands, command => command.DisplayName == "Clear hot pages");
        Assert.Contains(resources["ingestion"].Commands, command => command.DisplayName == "Ingest now");
    }

    [Fact]
    public async Task Secrets_are_in_no_environment_no_log_no_message_and_no_command_line()
    {
        var shown = new List<(string Where, string Text)>();
        foreach (var resource in await ResourcesAsync())
        {
            shown.Add(($"the message on {resource.DisplayName}", resource.ToString()));
            shown.AddRange((await LinesAsync(resource.Name)).Select(line => ($"the console log of {resource.DisplayName}", line.Text)));
        }

        foreach (var known in graph.App.ResourceNotifications.Current)
        {
            shown.AddRange(known.Snapshot.Environment.Select(variable => ($"the environment of {known.Resource.Name}", $"{variable.Key}={variable.Value}")));
        }

        foreach (var process in Processes.DescendantsOf(Environment.ProcessId).Append(Environment.ProcessId))
        {
            shown.Add(($"the command line of process {process}", Processes.CommandLineOf(process)));
        }

        Assert.Contains(shown, item => item.Text.Contains("Password=********;Database=kasparro", StringComparison.Ordinal));
        Assert.Contains(shown, item => item.Text.Contains("csv_source: completed", StringComparison.Ordinal));
        Assert.Contains(shown, item => item.Text.Contains("redis-server", StringComparison.Ordinal));
        Assert.True(graph.Secrets.Count >= 8, string.Join(", ", graph.Secrets.Keys));
        Assert.Empty(graph.Secrets.SelectMany(secret => shown.Where(item => Shows(item.Text, secret.Value)).Select(item => $"{secret.Key} is in {item.Where}")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    public async Task Service_refuses_whoever_has_not_its_key(string? key)
    {
        using var channel = GrpcChannel.ForAddress(graph.Dashboard.Resources);
        var headers = key is null ? [] : new Metadata { { "x-resource-service-api-key", key } };

        var refusal = await Assert.ThrowsAsync<RpcException>(async () =>
            await new DashboardService.DashboardServiceClient(channel).GetApplicationInformationAsync(new(), headers, cancellationToken: Cancelled));

        Assert.Equal(StatusCode.Unauthenticated, refusal.StatusCode);
    }

    [Fact]
    public async Task Stop_start_and_restart_work()
    {
        var before = (await ResourcesAsync()).Single(resource => resource.DisplayName == "upstreams");

        Assert.Equal(ResourceCommandResponseKind.Succeeded, (await ExecuteAsync(before.Name, "stop")).Kind);
        var stopped = (await ResourcesAsync()).Single(resource => resource.DisplayName == "upstreams");
        Assert.Equal("Finished", stopped.State);
        Assert.Equal(ResourceCommandState.Enabled, stopped.Commands.Single(command => command.Name == "start").State);
        Assert.Equal(ResourceCommandState.Hidden, stopped.Commands.Single(command => command.Name == "stop").State);
        Assert.Equal(ResourceCommandResponseKind.Succeeded, (await ExecuteAsync(before.Name, "start")).Kind);
        await graph.App.ResourceNotifications.WaitForResourceHealthyAsync("upstreams", Cancelled);
        Assert.Equal(ResourceCommandResponseKind.Succeeded, (await ExecuteAsync(before.Name, "restart")).Kind);
        await graph.App.ResourceNotifications.WaitForResourceHealthyAsync("upstreams", Cancelled);
        Assert.Equal(ResourceCommandResponseKind.Failed, (await ExecuteAsync(before.Name, "dance")).Kind);
        Assert.Equal(ResourceCommandResponseKind.Failed, (await ExecuteAsync("nobody", "start")).Kind);
    }

    [Fact]
    public async Task Ingest_now_starts_an_ingestion_unless_one_runs_and_only_for_operators()
    {
        await Eventually.TrueAsync(async () => (await ExecuteAsync("ingestion", "ingest")).Success, Cancelled);

        var second = await ExecuteAsync("ingestion", "ingest");
        Assert.Equal((false, "An ingestion is running already."), (second.Success, second.Message));
        await Eventually.TrueAsync(
            async () => (await LinesAsync(IdOf("ingestion"))).Count(line => line.Text.Contains("csv_source: completed", StringComparison.Ordinal)) >= 2, Cancelled);
        using var client = graph.App.CreateHttpClient("ingestion");
        using var refused = await client.PostAsync(new Uri("/ingestions", UriKind.Relative), content: null, Cancelled);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);

        async Task<ExecuteCommandResult> ExecuteAsync(string resource, string command) =>
            await graph.App.ResourceCommands.ExecuteCommandAsync(graph.Resource(resource), command, Cancelled);
    }

    [Fact]
    public async Task Clear_hot_pages_makes_the_api_render_them_anew()
    {
        using var api = graph.App.CreateHttpClient("api");
        await using var redis = await ConnectionMultiplexer.ConnectAsync((await graph.App.GetConnectionStringAsync(ResourceNames.Cache, Cancelled))!);
        await Eventually.TrueAsync(IsCachedAsync, Cancelled);

        var result = await graph.App.ResourceCommands.ExecuteCommandAsync(graph.Resource(ResourceNames.Cache), "clear-hot-pages", Cancelled);

        Assert.True(result.Success);
        Assert.Matches("^[1-9][0-9]* pages? w(as|ere) cleared.$", result.Message);
        Assert.Empty(Pages());
        await Eventually.TrueAsync(IsCachedAsync, Cancelled); // Not from the process's own memory, which would not write it to Redis again.

        async Task<bool> IsCachedAsync()
        {
            await api.GetStringAsync(new Uri("/data?page=1&page_size=7", UriKind.Relative), Cancelled);
            return Pages().Any();
        }

        IEnumerable<RedisKey> Pages() => redis.GetServers().Single().Keys(pattern: $"{CacheKeys.PagePrefix}*");
    }

    private static string? Property(Aspire.Hosting.Dashboard.Wire.Resource resource, string name) =>
        resource.Properties.SingleOrDefault(property => property.Name == name)?.Value.StringValue;

    private static bool Shows(string text, string secret) =>
        text.Contains(secret, StringComparison.Ordinal) || text.Contains(Uri.EscapeDataString(secret), StringComparison.Ordinal);

    private string IdOf(string resource) => Aspire.Hosting.Dashboard.ResourceMessage.IdOf(graph.Resource(resource));

    private async Task<IReadOnlyList<Aspire.Hosting.Dashboard.Wire.Resource>> ResourcesAsync()
    {
        using var channel = GrpcChannel.ForAddress(graph.Dashboard.Resources);
        using var call = new DashboardService.DashboardServiceClient(channel).WatchResources(new(), Headers, cancellationToken: Cancelled);
        Assert.True(await call.ResponseStream.MoveNext(Cancelled));
        return call.ResponseStream.Current.InitialData.Resources;
    }

    private async Task<IReadOnlyList<ConsoleLogLine>> LinesAsync(string resource)
    {
        using var channel = GrpcChannel.ForAddress(graph.Dashboard.Resources);
        using var call = new DashboardService.DashboardServiceClient(channel)
            .WatchResourceConsoleLogs(new() { ResourceName = resource, SuppressFollow = true }, Headers, cancellationToken: Cancelled);
        var lines = new List<ConsoleLogLine>();
        await foreach (var update in call.ResponseStream.ReadAllAsync(Cancelled))
        {
            lines.AddRange(update.LogLines);
        }

        return lines;
    }

    private async Task<ResourceCommandResponse> ExecuteAsync(string resource, string command)
    {
        using var channel = GrpcChannel.ForAddress(graph.Dashboard.Resources);
        return await new DashboardService.DashboardServiceClient(channel)
            .ExecuteResourceCommandAsync(new() { ResourceName = resource, CommandName = command }, Headers, cancellationToken: Cancelled);
    }

    private Metadata Headers => new() { { "x-resource-service-api-key", graph.Dashboard.ResourcesKey } };
}
