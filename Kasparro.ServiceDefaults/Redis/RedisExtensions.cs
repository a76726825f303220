using Aspire.StackExchange.Redis;
using Kasparro.ServiceDefaults.Redis;
using Kasparro.ServiceDefaults.Settings;
using Microsoft.Extensions.Configuration;
using StackExchange.Redis;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers a Redis server.</summary>
public static class RedisExtensions
{
    /// <summary>Adds Aspire's client for a connection string of either form, and checks that string before anything starts.</summary>
    /// <param name="builder">The service's builder.</param>
    /// <param name="connectionName">The connection string's name.</param>
    /// <param name="configureSettings">Changes Aspire's settings, such as whether there is a health check.</param>
    /// <param name="configureOptions">Changes the client's options.</param>
    public static IHostApplicationBuilder AddRedis(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null)
    {
        var uri = ReadUri(builder.Configuration.GetConnectionString(connectionName));
        builder.Services.AddConnectionStringCheck(connectionName, text => RedisConnectionString.Parse(text));
        builder.AddRedisClient(
            connectionName,
            settings =>
            {
                settings.ConnectionString = uri?.Text ?? settings.ConnectionString;
                configureSettings?.Invoke(settings);
            },
            options =>
            {
                uri?.ApplyTo(options);
                configureOptions?.Invoke(options);
            });
        return builder;
    }

    private static RedisConnectionString? ReadUri(string? text)
    {
        try
        {
            return text is not null && ConnectionUri.IsUri(text) ? RedisConnectionString.Parse(text) : null;
        }
        catch (ConnectionUriException)
        {
            return null; // The settings check reports it, along with all other mistakes.
        }
    }
}
