using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Kasparro.Data;
using Kasparro.Data.Schema;
using Kasparro.ServiceDefaults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

[assembly: AssemblyFixture(typeof(BackingServices))]

namespace Kasparro.Tests.Hosting;

/// <summary>
/// A real PostgreSQL and a real Redis for all integration tests, from the product's own graph without its services. They are started by the
/// first test that needs them, so a run of only unit tests starts no server, and deleted after the run.
/// </summary>
public sealed class BackingServices : IAsyncDisposable
{
    private const string Template = "kasparro_template";
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);

    private readonly Lazy<Task<Servers>> _servers = new(() => Task.Run(StartAsync));
    private int _databases;
    private int _redisDatabases;

    /// <summary>The connection string of a Redis database that all tests share.</summary>
    /// <remarks>Blocks until the servers run, because tests use it in settings, where they cannot await.</remarks>
    public string RedisConnectionString => _servers.Value.GetAwaiter().GetResult().Redis;

    /// <summary>
    /// Creates a Redis database for a single test, such as one that takes the run lock or counts calls, and returns its connection string.
    /// </summary>
    public string CreateRedisDatabase() => string.Create(
        CultureInfo.InvariantCulture, $"{RedisConnectionString},defaultDatabase={Interlocked.Increment(ref _redisDatabases)}");

    /// <summary>Creates a database with the whole schema and returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        var catalogue = await GetCatalogueAsync(cancellationToken);

        // Files are copied in a third of the processor time that their blocks take as WAL.
        await ExecuteAsync(catalogue, $"CREATE DATABASE {name} TEMPLATE {Template} STRATEGY FILE_COPY", cancellationToken);
        return CreateConnectionString(catalogue, name);
    }

    /// <summary>Drops a database made by <see cref="CreateDatabaseAsync"/>, for tests that create many.</summary>
    public async Task DropDatabaseAsync(string connectionString, CancellationToken cancellationToken)
    {
        NpgsqlConnection.ClearPool(new NpgsqlConnection(connectionString));
        var database = new NpgsqlConnectionStringBuilder(connectionString).Database;
        await ExecuteAsync(await GetCatalogueAsync(cancellationToken), $"DROP DATABASE {database} WITH (FORCE)", cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_servers.IsValueCreated && await Record.ExceptionAsync(() => _servers.Value) is null)
        {
            var servers = await _servers.Value;
            await servers.App.StopAsync();
            DeleteLater(servers.DataFolder);
            await servers.App.DisposeAsync();
        }
    }

    // Hundreds of databases have 200,000 files. The end of the run would wait half a minute for their deletion and then leave the rest.
    private static void DeleteLater(string dataFolder)
    {
        // Only a folder that the graph made for this run: the path may come from a container and also exist on this machine.
        if (Path.GetDirectoryName(dataFolder) is { } folder && Directory.Exists(folder)
            && Path.GetFileName(folder).StartsWith($"kasparro-{ResourceNames.Postgres}-", StringComparison.Ordinal))
        {
            var discarded = $"{folder}-discarded";
            Directory.Move(folder, discarded);
            Process.Start("rm", ["-rf", discarded]).Dispose();
        }
    }

    private static async Task<Servers> StartAsync()
    {
        // All tests share the start, so it must not end when the first test gives up.
        using var limit = new CancellationTokenSource(StartLimit);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Kasparro_AppHost>(
            ["--Upstreams=live", "--Kasparro:Ephemeral=true"], limit.Token);
        foreach (var service in builder.Resources.Where(resource => resource is ProjectResource or ExternalServiceResource).ToList())
        {
            builder.Resources.Remove(service);
        }

        builder.CreateResourceBuilder(builder.Resources.OfType<RedisResource>().Single()).WithEnvironment("REDIS_DATABASES", "16384");
        builder.Services.AddFakeLogging(logging => logging.FilteredLevels.Add(LogLevel.Critical));
        var app = await builder.BuildAsync(limit.Token);
        var failures = app.Services.GetFakeLogCollector();
        try
        {
            await app.StartAsync(limit.Token);
            await app.ResourceNotifications.WaitForResourceHealthyAsync(ResourceNames.Catalogue, limit.Token);
            await app.ResourceNotifications.WaitForResourceHealthyAsync(ResourceNames.Cache, limit.Token);
            var catalogue = (await app.GetConnectionStringAsync(ResourceNames.Catalogue, limit.Token))!;
            await DropUpkeepAsync(catalogue, limit.Token);
            await MigrateTemplateAsync(catalogue, limit.Token);
            var cache = (await app.GetConnectionStringAsync(ResourceNames.Cache, limit.Token))!;
            return new(app, catalogue, await ReadDataFolderAsync(catalogue, limit.Token), cache);
        }
        catch (Exception e)
        {
            // If a server cannot run, the graph stops and the wait reports only its cancellation, so the reason is taken from the log.
            var reason = failures.GetSnapshot().LastOrDefault()?.Message;
            await app.DisposeAsync();
            throw new InvalidOperationException($"The servers of all integration tests did not start. {reason ?? e.Message}", e);
        }
    }

    // Nothing here outlives the run, and each test creates a database: by default most of that time would be spent on disk writes, and
    // autovacuum would start on one of hundreds of databases several times a second.
    private static async Task DropUpkeepAsync(string catalogue, CancellationToken cancellationToken)
    {
        foreach (var setting in (string[])["fsync", "full_page_writes", "synchronous_commit", "autovacuum", "log_checkpoints"])
        {
            await ExecuteAsync(catalogue, $"ALTER SYSTEM SET {setting} = off", cancellationToken);
        }

        await ExecuteAsync(catalogue, "SELECT pg_reload_conf()", cancellationToken);
    }

    private static async Task<string> ReadDataFolderAsync(string catalogue, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(catalogue);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SHOW data_directory", connection);
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task MigrateTemplateAsync(string catalogue, CancellationToken cancellationToken)
    {
        await ExecuteAsync(catalogue, $"CREATE DATABASE {Template}", cancellationToken);

        // Not pooled, because a template with an open connection cannot be copied.
        var connectionString =
            new NpgsqlConnectionStringBuilder(CreateConnectionString(catalogue, Template)) { Pooling = false }.ConnectionString;
        var options = new DbContextOptionsBuilder<CatalogueContext>().UseNpgsql(connectionString).UseSnakeCaseNamingConvention();
        await using var context = new CatalogueContext(options.Options);
        await SchemaMigrator.MigrateAsync(context, cancellationToken);
        Assert.True(await ApiRole.ApplyAsync(context, password: null, cancellationToken));
    }

    private static async Task ExecuteAsync(string catalogue, string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(catalogue);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        command.CommandTimeout = 180; // Dropping a database includes a checkpoint, which takes long on a busy disk.
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // Each database has its own pool; idle connections of finished tests must not use up the server's connections.
    private static string CreateConnectionString(string catalogue, string database) => new NpgsqlConnectionStringBuilder(catalogue)
    {
        Database = database,
        ConnectionIdleLifetime = 10,
        ConnectionPruningInterval = 5,
    }.ConnectionString;

    private async Task<string> GetCatalogueAsync(CancellationToken cancellationToken) =>
        (await _servers.Value.WaitAsync(cancellationToken)).Catalogue;

    /// <summary>The running servers.</summary>
    private sealed record Servers(DistributedApplication App, string Catalogue, string DataFolder, string Redis);
}
