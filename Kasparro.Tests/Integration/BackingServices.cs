using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Kasparro.Data;
using Kasparro.Data.Schema;
using Kasparro.ServiceDefaults;
using Kasparro.Tests.Integration;
using Microsoft.EntityFrameworkCore;
using Npgsql;

[assembly: AssemblyFixture(typeof(BackingServices))]

namespace Kasparro.Tests.Integration;

/// <summary>
/// A real PostgreSQL and a real Redis for all integration tests, thrown away after them: the product's own graph, less its services.
/// </summary>
public sealed class BackingServices : IAsyncLifetime
{
    private const string Template = "kasparro_template";
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);

    private DistributedApplication? _app;
    private string _catalogue = "";
    private int _databases;

    /// <summary>Redis, for any test; the run lock in it is one (see <see cref="Ingestion.IngestionCollection"/>).</summary>
    public string RedisConnectionString { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(StartLimit);

        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Kasparro_AppHost>(
            ["--Upstreams=live", "--Kasparro:Ephemeral=true"], limit.Token);
        foreach (var service in builder.Resources.Where(resource => resource is ProjectResource or ExternalServiceResource).ToList())
        {
            builder.Resources.Remove(service);
        }

        _app = await builder.BuildAsync(limit.Token);
        await _app.StartAsync(limit.Token);
        await _app.ResourceNotifications.WaitForResourceHealthyAsync(ResourceNames.Catalogue, limit.Token);
        await _app.ResourceNotifications.WaitForResourceHealthyAsync(ResourceNames.Cache, limit.Token);
        _catalogue = (await _app.GetConnectionStringAsync(ResourceNames.Catalogue, limit.Token))!;
        RedisConnectionString = (await _app.GetConnectionStringAsync(ResourceNames.Cache, limit.Token))!;
        await MigrateTemplateAsync(limit.Token);
    }

    /// <summary>A fresh database with the whole schema; its connection string.</summary>
    public async Task<string> CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {Template}", cancellationToken);
        return ConnectionStringOf(name);
    }

    /// <summary>Drops what <see cref="CreateDatabaseAsync"/> made, for those who make many.</summary>
    public async Task DropDatabaseAsync(string connectionString, CancellationToken cancellationToken)
    {
        NpgsqlConnection.ClearPool(new NpgsqlConnection(connectionString));
        await ExecuteAsync($"DROP DATABASE {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)", cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    private async Task MigrateTemplateAsync(CancellationToken cancellationToken)
    {
        await ExecuteAsync($"CREATE DATABASE {Template}", cancellationToken);

        // Not pooled: a template with an open connection cannot be copied.
        var connectionString = new NpgsqlConnectionStringBuilder(ConnectionStringOf(Template)) { Pooling = false }.ConnectionString;
        var options = new DbContextOptionsBuilder<CatalogueContext>().UseNpgsql(connectionString).UseSnakeCaseNamingConvention();
        await using var context = new CatalogueContext(options.Options);
        await SchemaMigrator.MigrateAsync(context, cancellationToken);
        Assert.True(await ApiRole.ApplyAsync(context, password: null, cancellationToken));
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(_catalogue);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // Each database has a pool of its own: idle connections of tests that have ended must not use up the server's.
    private string ConnectionStringOf(string database) => new NpgsqlConnectionStringBuilder(_catalogue)
    {
        Database = database,
        ConnectionIdleLifetime = 10,
        ConnectionPruningInterval = 5,
    }.ConnectionString;
}
