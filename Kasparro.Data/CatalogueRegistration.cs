using Kasparro.Data;
using Kasparro.ServiceDefaults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers the catalogue's database.</summary>
public static class CatalogueRegistration
{
    /// <summary>
    /// Adds <see cref="CatalogueContext"/> (Aspire's defaults: pooling, retries, health check, telemetry) and, for what EF Core is too slow for
    /// (COPY, prepared reads), an <see cref="NpgsqlDataSource"/> on the same connection string.
    /// </summary>
    /// <param name="builder">The service.</param>
    /// <param name="configure">Changes the connection string of the data source, not EF Core's.</param>
    /// <exception cref="InvalidOperationException">On first use: <c>ConnectionStrings:kasparro</c> is not set.</exception>
    public static IHostApplicationBuilder AddCatalogue(this IHostApplicationBuilder builder, Action<NpgsqlConnectionStringBuilder>? configure = null)
    {
        builder.AddNpgsqlDbContext<CatalogueContext>(
            ResourceNames.Catalogue,
            configureDbContextOptions: options => options.UseSnakeCaseNamingConvention());

        builder.Services.AddConnectionStringCheck(ResourceNames.Catalogue, text => _ = new NpgsqlConnectionStringBuilder(text));
        builder.Services.AddSingleton(services =>
        {
            var connectionString = services.GetRequiredService<IConfiguration>().GetConnectionString(ResourceNames.Catalogue)
                ?? throw new InvalidOperationException($"ConnectionStrings:{ResourceNames.Catalogue} is not set.");
            var source = new NpgsqlDataSourceBuilder(connectionString).UseLoggerFactory(services.GetRequiredService<ILoggerFactory>());
            configure?.Invoke(source.ConnectionStringBuilder);
            return source.Build();
        });
        return builder;
    }
}
