using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Kasparro.ServiceDefaults;
using Npgsql;
using StackExchange.Redis;

namespace Kasparro.Tests.AppHost;

/// <summary>The graph without its services, as integration tests start it for a database and a cache.</summary>
[Collection(Graphs.OneAtATime)]
public sealed class InfrastructureTests
{
    [Fact]
    public async Task Database_and_cache_can_be_used_when_the_services_are_taken_out_of_the_graph()
    {
        var cancellationToken = Cancellation;
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Kasparro_AppHost>(
            ["--Upstreams=live", "--Kasparro:Ephemeral=true"], cancellationToken);
        foreach (var project in builder.Resources.Where(resource => resource is ProjectResource or ExternalServiceResource).ToList())
        {
            builder.Resources.Remove(project);
        }

        await using var app = await builder.BuildAsync(cancellationToken);
        await app.StartAsync(cancellationToken);
        await app.ResourceNotifications.WaitForResourceHealthyAsync(ResourceNames.Catalogue, cancellationToken);
        await app.ResourceNotifications.WaitForResourceHealthyAsync(ResourceNames.Cache, cancellationToken);

        var database = (await app.GetConnectionStringAsync(ResourceNames.Catalogue, cancellationToken))!;
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SHOW password_encryption", connection);
        Assert.Equal("scram-sha-256", await command.ExecuteScalarAsync(cancellationToken));

        var cache = (await app.GetConnectionStringAsync(ResourceNames.Cache, cancellationToken))!;
        await using var redis = await ConnectionMultiplexer.ConnectAsync(cache);
        Assert.True(await redis.GetDatabase().StringSetAsync("key", "value"));

        await AssertRefusedAsync(database, cache, cancellationToken);
        AssertHidden(new NpgsqlConnectionStringBuilder(database).Password!, ConfigurationOptions.Parse(cache).Password!);
        await app.StopAsync(cancellationToken);
    }

    private static async Task AssertRefusedAsync(string database, string cache, CancellationToken cancellationToken)
    {
        var intruder = new NpgsqlConnectionStringBuilder(database) { Password = "guess", Pooling = false };
        await using var connection = new NpgsqlConnection(intruder.ConnectionString);
        await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync(cancellationToken));

        var options = ConfigurationOptions.Parse(cache);
        options.Password = null;
        await Assert.ThrowsAsync<RedisConnectionException>(() => ConnectionMultiplexer.ConnectAsync(options));
    }

    private static void AssertHidden(params string[] secrets)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        foreach (var process in Directory.GetDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)))
        {
            var commandLine = Path.Combine(process, "cmdline");
            var text = "";
            try
            {
                text = File.ReadAllText(commandLine);
            }
            catch (IOException)
            {
                // The process has ended in the meantime.
            }

            Assert.DoesNotContain(secrets, secret => text.Contains(secret, StringComparison.Ordinal));
        }
    }
}
