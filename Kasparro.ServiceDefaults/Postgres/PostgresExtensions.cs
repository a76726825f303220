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
    /// Adds <typeparamref name="TContext"/> (Aspire's defaults: pooling, retries, health check, telemetry) and, for what EF Core is too
    /// slow for (COPY, prepared reads), an <see cref="NpgsqlDataSource"/> on the same connection string.
    /// </summary>
    /// <param name="builder">The service.</param>
    /// <param name="connectionName">The connection string's name.</param>
    /// <param name="configureContext">Configures EF Core, such as its naming convention.</param>
    /// <param name="configureConnection">Changes the connection string of the data source, not EF Core's.</param>
    /// <exception cref="InvalidOperationException">On first use: the connection string is not set.</exception>
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
        builder.Services.AddConnectionStringCheck(
            connectionName, text => _ = new NpgsqlConnectionStringBuilder(PostgresUri.ToConnectionString(text)));
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
            return text; // The check tells of it, together with all other mistakes.
        }
    }
}
