using System.Diagnostics;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Kasparro.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kasparro.Tests.AppHost;

/// <summary>PostgreSQL and Redis as processes of this machine instead of containers.</summary>
[Collection(Graphs.OneAtATime)]
public sealed class ServerProcessTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    private readonly string _folder = Directory.CreateTempSubdirectory("kasparro-processes-").FullName;
    private readonly CancellationTokenSource _limit =
        CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

    public ServerProcessTests()
    {
        _limit.CancelAfter(Limit);
        if (Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder, (UnixFileMode)0b111_001_001); // PostgreSQL does not run as root.
        }
    }

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _limit.Dispose();
    }

    [Fact]
    public async Task Data_lasts_when_the_next_graph_has_another_password()
    {
        foreach (var (password, statement) in new[] { ("first", "CREATE TABLE kept AS SELECT 7 AS value"),
            (@"s'e""c $o\n%d", "UPDATE kept SET value = value * 6") })
        {
            await using var app = await StartServersAsync(Path.Combine(_folder, "data"), password);
            await ExecuteAsync(app, statement);
            if (password != "first")
            {
                Assert.Equal(42, await ExecuteAsync(app, "SELECT value FROM kept"));
            }
        }
    }

    [Fact]
    public async Task Database_comes_back_when_its_server_is_restarted()
    {
        await using var app = await StartServersAsync(Path.Combine(_folder, "data"), "secret");
        await ExecuteAsync(app, "CREATE TABLE kept AS SELECT 7 AS value");

        var restarted =
            await app.ResourceCommands.ExecuteCommandAsync(ResourceNames.Postgres, KnownResourceCommands.RestartCommand, _limit.Token);
        Assert.True(restarted.Success, restarted.Message);
        await app.ResourceNotifications.WaitForResourceHealthyAsync(
            ResourceNames.Catalogue, WaitBehavior.WaitOnResourceUnavailable, _limit.Token);

        Assert.Equal(7, await ExecuteAsync(app, "SELECT value FROM kept"));
    }

    [Fact]
    public async Task Start_ends_with_the_reason_when_another_server_holds_the_data()
    {
        await using var first = await StartServersAsync(Path.Combine(_folder, "data"), "secret");

        var second = await BuildServersAsync(Path.Combine(_folder, "data"), "secret");
        await using (second)
        {
            var stopping = second.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            await second.StartAsync(_limit.Token);
            await WaitAsync(() => stopping.IsCancellationRequested);
            Assert.Contains(
                second.Services.GetFakeLogCollector().GetSnapshot(),
                record => record.Level == LogLevel.Critical
                    && record.Message.Contains("is held by another server", StringComparison.Ordinal));
        }

        Environment.ExitCode = 0;
        Assert.Equal(1, await ExecuteAsync(first, "SELECT 1"));
    }

    [Theory]
    [InlineData("KILL")]
    [InlineData("TERM")]
    public async Task Nothing_is_left_when_the_AppHost_is_ended_by(string signal)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It looks for processes in /proc.");
        var temporary = Directory.CreateDirectory(Path.Combine(_folder, "temporary"));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(temporary.FullName, (UnixFileMode)0b001_111_111_111);
        }

        using var appHost = StartAppHost(temporary.FullName);
        IReadOnlySet<int> family = new HashSet<int>();
        try
        {
            await WaitAsync(() =>
            {
                Assert.False(appHost.HasExited, "The AppHost has ended.");
                family = Processes.OfEnvironment(temporary.FullName);
                var commands = family.Select(Processes.CommandLine).ToList();
                return commands.Exists(line => line.Contains("redis-server", StringComparison.Ordinal))
                    && commands.Exists(line => line.Contains("/postgres -D", StringComparison.Ordinal));
            });
        }
        finally
        {
            await appHost.SignalAsync(signal, _limit.Token);
        }

        await appHost.WaitForExitAsync(_limit.Token);
        await WaitAsync(() => !family.Any(Processes.Runs) && Processes.OfEnvironment(temporary.FullName).Count == 0);
        if (signal == "TERM")
        {
            Assert.Empty(temporary.GetFileSystemInfos("kasparro-*"));
        }
    }

    // A graph is slow to start on a busy machine.
    private async Task WaitAsync(Func<bool> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!condition())
        {
            await timer.WaitForNextTickAsync(_limit.Token);
        }
    }

    private static Process StartAppHost(string temporary)
    {
        var assembly =
            Path.Combine(Projects.Kasparro_AppHost.ProjectPath, "bin", BuildConfiguration.Name, "net10.0", "Kasparro.AppHost.dll");
        return new ProcessStartInfo("dotnet",
            [assembly, "--Upstreams=simulated", "--Kasparro:Ephemeral=true", "--Kasparro:Containers=false",
                $"--Kasparro:Port={FreePorts.Next()}"])
        {
            WorkingDirectory = Projects.Kasparro_AppHost.ProjectPath,
            Environment =
            {
                ["DOTNET_ENVIRONMENT"] = "Development",
                ["ASPNETCORE_URLS"] = $"http://localhost:{FreePorts.Next()}",
                ["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true",
                ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = $"http://localhost:{FreePorts.Next()}",
                ["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = $"http://localhost:{FreePorts.Next()}",
                ["TMPDIR"] = temporary,
            },
        }.StartSilent();
    }

    private async Task<DistributedApplication> StartServersAsync(string folder, string password)
    {
        var app = await BuildServersAsync(folder, password);
        await app.StartAsync(_limit.Token);
        await app.ResourceNotifications.WaitForResourceHealthyAsync(ResourceNames.Catalogue, _limit.Token);
        return app;
    }

    private async Task<DistributedApplication> BuildServersAsync(string folder, string password)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Kasparro_AppHost>(
            ["--Upstreams=live", "--Kasparro:Ephemeral=true", "--Kasparro:Containers=false", $"--Parameters:postgres-password={password}"],
            _limit.Token);
        foreach (var resource in builder.Resources.Where(resource => resource is ProjectResource or ExternalServiceResource).ToList())
        {
            builder.Resources.Remove(resource);
        }

        builder.CreateResourceBuilder<PostgresServerResource>(ResourceNames.Postgres).WithDataBindMount(folder);
        builder.Services.AddFakeLogging();
        return await builder.BuildAsync(_limit.Token);
    }

    private async Task<string> ConnectionStringAsync(
        DistributedApplication app) => (await app.GetConnectionStringAsync(ResourceNames.Catalogue, _limit.Token))!;

    private async Task<object?> ExecuteAsync(DistributedApplication app, string sql)
    {
        // A pool would return a connection from before the server's restart.
        await using var connection = new NpgsqlConnection($"{await ConnectionStringAsync(app)};Pooling=false");
        await connection.OpenAsync(_limit.Token);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(_limit.Token);
    }
}
