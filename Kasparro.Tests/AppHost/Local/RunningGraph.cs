using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Testing;
using Kasparro.ServiceDefaults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Kasparro.Tests.AppHost.Local;

/// <summary>The whole graph with its dashboard, or, where that is not installed, with the resource service alone; after its first ingestion.</summary>
public sealed class RunningGraph : IAsyncLifetime
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);

    private readonly CancellationTokenSource _limit = new(StartLimit);
    private IDistributedApplicationTestingBuilder _builder = null!;

    public DistributedApplication App { get; private set; } = null!;

    /// <summary>Every secret of the graph, by name.</summary>
    public IReadOnlyDictionary<string, string> Secrets { get; private set; } = null!;

    internal DashboardSettings Dashboard { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        string[] settings = ["--Upstreams=simulated", "--Kasparro:Ephemeral=true", "--environment=Development", "--Parameters:coinpaprika-api-key=key-of-coinpaprika", "--Parameters:coingecko-api-key=key-of-coingecko"];
        string[] standIn = DashboardSettings.Configure(new ConfigurationManager(), out _) is null ? ["--DcpPublisher:DashboardPath=/bin/true"] : [];
        _builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Kasparro_AppHost>(
            [.. settings, .. standIn], (options, _) => options.DisableDashboard = false, _limit.Token);
        App = await _builder.BuildAsync(_limit.Token);
        await App.StartAsync(_limit.Token);
        Dashboard = App.Services.GetRequiredService<DashboardSettings>();
        Secrets = await SecretsAsync();
        await App.ResourceNotifications.WaitForResourceHealthyAsync(ResourceNames.Api, _limit.Token);
        await foreach (var lines in App.Services.GetRequiredService<ResourceLoggerService>().WatchAsync(ResourceNames.Ingestion).WithCancellation(_limit.Token))
        {
            if (lines.Any(line => line.Content.Contains("csv_source: completed", StringComparison.Ordinal)))
            {
                break;
            }
        }
    }

    public IResource Resource(string name) =>
        App.Services.GetRequiredService<DistributedApplicationModel>().Resources.Single(resource => resource.Name == name);

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync(CancellationToken.None);
        await App.DisposeAsync();
        await _builder.DisposeAsync();
        _limit.Dispose();
    }

    private async Task<IReadOnlyDictionary<string, string>> SecretsAsync()
    {
        var parameters = _builder.Resources.SelectMany(resource => resource switch
        {
            ParameterResource { Secret: true } parameter => [parameter],
            PostgresServerResource server => [server.PasswordParameter],
            RedisResource redis => [redis.Password],
            _ => Array.Empty<ParameterResource>(),
        });
        var secrets = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["browser token"] = Dashboard.BrowserToken,
            ["key of the resource service"] = Dashboard.ResourcesKey,
            ["key of the telemetry"] = Dashboard.TelemetryKey,
        };
        foreach (var parameter in parameters)
        {
            secrets[parameter.Name] = (await parameter.GetValueAsync(_limit.Token))!;
        }

        return secrets;
    }
}
