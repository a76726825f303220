using Kasparro.ServiceDefaults.Postgres;
using Kasparro.ServiceDefaults.Settings;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers a PostgreSQL database.</summary>
public static class PostgresExtensions
{
    /// <summary>
    /// Adds <typeparamref name="TContext"/> (with Aspire's defaults: pooling, retries, health check, telemetry) and an
    /// <see cref="NpgsqlDataSource"/> with the same connection string, for operations for which EF Core is too slow (COPY, prepared reads).
    /// </summary>
    /// <param name="builder">The service's builder.</param>
    /// <param name="connectionName">The connection string's name.</param>
    /// <param name="configureContext">Configures EF Core, such as its naming convention.</param>
    /// <param name="configureConnection">Changes the connection string of the data source, not EF Core's.</param>
    /// <exception cref="InvalidOperationException">On first use: the connection string is missing.</exception>
    public static IHostApplicationBuilder AddPostgres<TContext>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<DbContextOptionsBuilder> configureContext,
        Action<NpgsqlConnectionStringBuilder>? configureConnection = null)
        where TContext : DbContext
    {
        builder.AddNpgsqlDbContext<TContext>(
            connectionName,
            settings => settings.ConnectionString = ReadUri(settings.ConnectionString),
            configureContext);
        builder.Services.AddConnectionStringCheck(connectionName, PostgresUri.Check);
        builder.Services.AddSingleton(services =>
        {
            var connectionString = services.GetRequiredService<IConfiguration>().GetConnectionString(connectionName)
                ?? throw new InvalidOperationException($"ConnectionStrings:{connectionName} is not set.");
            var source = new NpgsqlDataSourceBuilder(PostgresUri.ToConnectionString(connectionString)).UseLoggerFactory(
                services.GetRequiredService<ILoggerFactory>());
            configureConnection?.Invoke(source.ConnectionStringBuilder);
            return source.Build();
        });
        return builder;
    }

    private static string? ReadUri(string? text)
    {
        try
        {
            return text is null ? null : PostgresUri.ToConnectionString(text);
        }
        catch (ConnectionUriException)
        {
            return text; // The settings check reports it, along with all other mistakes.
        }
    }
}
