using Aspire.StackExchange.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using StackExchange.Redis.Configuration;

namespace Aspire.StackExchange.Redis
{
    public sealed class StackExchangeRedisSettings
    {
        public string? ConnectionString { get; set; }
        public bool DisableHealthChecks { get; set; }
        public bool DisableAutoActivation { get; set; } = true;
    }
}

namespace Microsoft.Extensions.Hosting
{
    public static class AspireRedisExtensions
    {
        private const string Section = "Aspire:StackExchange:Redis";
        private const string HealthCheckName = "StackExchange.Redis";

        public static void AddRedisClient(
            this IHostApplicationBuilder builder,
            string connectionName,
            Action<StackExchangeRedisSettings>? configureSettings = null,
            Action<ConfigurationOptions>? configureOptions = null)
        {
            var settings = new StackExchangeRedisSettings();
            var section = builder.Configuration.GetSection(Section);
            var named = section.GetSection(connectionName);
            section.Bind(settings);
            named.Bind(settings);
            settings.ConnectionString = builder.Configuration.GetConnectionString(connectionName) ?? settings.ConnectionString;
            configureSettings?.Invoke(settings);

            builder.Services.AddSingleton<IConnectionMultiplexer>(services =>
            {
                var options = ConfigurationOptions.Parse(settings.ConnectionString ?? "");
                options.Defaults = options.Defaults.GetType() == typeof(DefaultOptionsProvider) ? new KeepConnecting() : options.Defaults;
                section.GetSection("ConfigurationOptions").Bind(options);
                named.GetSection("ConfigurationOptions").Bind(options);
                configureOptions?.Invoke(options);
                options.LoggerFactory ??= services.GetService<ILoggerFactory>();
                return options.EndPoints.Count > 0 ? ConnectionMultiplexer.Connect(options) : throw new InvalidOperationException(
                    $"No endpoints specified. Ensure a valid connection string was provided in 'ConnectionStrings:{connectionName}' or for the "
                    + $"'{Section}:ConnectionString' configuration key.");
            });
            if (!settings.DisableAutoActivation)
            {
                builder.Services.ActivateSingleton<IConnectionMultiplexer>();
            }

            if (!settings.DisableHealthChecks)
            {
                builder.Services.AddHealthChecks().AddRedis(services => services.GetRequiredService<IConnectionMultiplexer>(), HealthCheckName);
            }
        }

        // A Redis that is not up yet must not stop the application: the client goes on trying.
        private sealed class KeepConnecting : DefaultOptionsProvider
        {
            public override bool AbortOnConnectFail => false;
        }
    }
}
