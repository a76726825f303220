using Aspire.StackExchange.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using StackExchange.Redis.Configuration;

namespace Microsoft.Extensions.Hosting;

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
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);

        var settings = new StackExchangeRedisSettings();
        var section = builder.Configuration.GetSection(Section);
        var named = section.GetSection(connectionName);
        section.Bind(settings);
        named.Bind(settings);
        settings.ConnectionString = builder.Configuration.GetConnectionString(connectionName) ?? settings.ConnectionString;
        configureSettings?.Invoke(settings);

        builder.Services.AddTransient<IOptionsFactory<ConfigurationOptions>>(services =>
            ActivatorUtilities.CreateInstance<ConfigurationOptionsFactory>(services, settings));
        builder.Services.Configure<ConfigurationOptions>(options =>
        {
            section.GetSection("ConfigurationOptions").Bind(options);
            named.GetSection("ConfigurationOptions").Bind(options);
            configureOptions?.Invoke(options);
        });
        builder.Services.AddSingleton<IConnectionMultiplexer>(services => Connect(services, connectionName));
        if (!settings.DisableAutoActivation)
        {
            builder.Services.ActivateSingleton<IConnectionMultiplexer>();
        }

        if (!settings.DisableHealthChecks)
        {
            builder.TryAddHealthCheck(HealthCheckName, checks =>
                checks.AddRedis(services => services.GetRequiredService<IConnectionMultiplexer>(), HealthCheckName));
        }
    }

    private static ConnectionMultiplexer Connect(IServiceProvider services, string connectionName)
    {
        var options = services.GetRequiredService<IOptions<ConfigurationOptions>>().Value;
        if (options.EndPoints.Count == 0)
        {
            throw new InvalidOperationException(
                $"No endpoints specified. Ensure a valid connection string was provided in 'ConnectionStrings:{connectionName}' or for the '{Section}:ConnectionString' configuration key.");
        }

        options.LoggerFactory ??= services.GetService<ILoggerFactory>();
        return ConnectionMultiplexer.Connect(options);
    }

    /// <summary>Starts from the connection string; what is configured for <see cref="ConfigurationOptions"/> comes on top.</summary>
    private sealed class ConfigurationOptionsFactory(
        StackExchangeRedisSettings settings,
        IEnumerable<IConfigureOptions<ConfigurationOptions>> setups,
        IEnumerable<IPostConfigureOptions<ConfigurationOptions>> postConfigures,
        IEnumerable<IValidateOptions<ConfigurationOptions>> validations)
        : OptionsFactory<ConfigurationOptions>(setups, postConfigures, validations)
    {
        protected override ConfigurationOptions CreateInstance(string name)
        {
            var options = settings.ConnectionString is { } text ? ConfigurationOptions.Parse(text) : base.CreateInstance(name);
            if (options.Defaults.GetType() == typeof(DefaultOptionsProvider))
            {
                options.Defaults = new KeepConnecting();
            }

            return options;
        }
    }

    // A Redis that is not up yet must not stop the application: the client goes on trying.
    private sealed class KeepConnecting : DefaultOptionsProvider
    {
        public override bool AbortOnConnectFail => false;
    }
}
