using System.Diagnostics.CodeAnalysis;
using Aspire.Npgsql.EntityFrameworkCore.PostgreSQL;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OpenTelemetry.Metrics;

namespace Aspire.Npgsql.EntityFrameworkCore.PostgreSQL
{
    public class NpgsqlEntityFrameworkCorePostgreSQLSettings
    {
        public string? ConnectionString { get; set; }
        public bool DisableRetry { get; set; }
        public bool DisableHealthChecks { get; set; }
        public bool DisableTracing { get; set; }
        public bool DisableMetrics { get; set; }
        public int? CommandTimeout { get; set; }
    }
}

namespace Microsoft.Extensions.Hosting
{
    public static class AspireEFPostgreSqlExtensions
    {
        private const string Section = "Aspire:Npgsql:EntityFrameworkCore:PostgreSQL";
        private const DynamicallyAccessedMemberTypes RequiredByEF = DynamicallyAccessedMemberTypes.PublicConstructors
            | DynamicallyAccessedMemberTypes.NonPublicConstructors | DynamicallyAccessedMemberTypes.PublicProperties;

        // Npgsql measures seconds; OpenTelemetry's default buckets are made for milliseconds.
        private static readonly ExplicitBucketHistogramConfiguration Seconds =
            new() { Boundaries = [0, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] };

        public static void AddNpgsqlDbContext<[DynamicallyAccessedMembers(RequiredByEF)] TContext>(
            this IHostApplicationBuilder builder,
            string connectionName,
            Action<NpgsqlEntityFrameworkCorePostgreSQLSettings>? configureSettings = null,
            Action<DbContextOptionsBuilder>? configureDbContextOptions = null) where TContext : DbContext
        {
            var settings = new NpgsqlEntityFrameworkCorePostgreSQLSettings();
            var section = builder.Configuration.GetSection(Section);
            section.Bind(settings);
            section.GetSection(connectionName).Bind(settings);
            section.GetSection(typeof(TContext).Name).Bind(settings);
            settings.ConnectionString = builder.Configuration.GetConnectionString(connectionName) ?? settings.ConnectionString;
            configureSettings?.Invoke(settings);

            builder.Services.AddDbContextPool<TContext>(options =>
            {
                // Checked when a context is asked for, not here: by then there is a logger, and EF's design-time tools need no server.
                if (string.IsNullOrWhiteSpace(settings.ConnectionString) && !EF.IsDesignTime)
                {
                    throw new InvalidOperationException($"ConnectionString is missing. It should be provided in 'ConnectionStrings:{connectionName}' or "
                        + $"under the 'ConnectionString' key in '{Section}' or '{Section}:{typeof(TContext).Name}' configuration section.");
                }

                options.UseNpgsql(settings.ConnectionString, npgsql =>
                {
                    _ = settings.DisableRetry ? npgsql : npgsql.EnableRetryOnFailure();
                    _ = settings.CommandTimeout is { } seconds ? npgsql.CommandTimeout(seconds) : npgsql;
                });
                configureDbContextOptions?.Invoke(options);
            });

            if (!settings.DisableHealthChecks)
            {
                builder.Services.AddHealthChecks().AddDbContextCheck<TContext>(typeof(TContext).Name);
            }

            if (!settings.DisableTracing)
            {
                builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddNpgsql());
            }

            if (!settings.DisableMetrics)
            {
                builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter("Npgsql")
                    .AddView("db.client.commands.duration", Seconds).AddView("db.client.connections.create_time", Seconds));
            }
        }
    }
}
