using System.Globalization;
using Kasparro.ServiceDefaults.Settings;
using StackExchange.Redis;

namespace Kasparro.ServiceDefaults.Redis;

/// <summary>
/// A Redis connection string: <c>rediss://user:password@host:port/database?name=value</c>, with StackExchange.Redis's parameters, or that
/// client's own form.
/// </summary>
/// <param name="Text">The client's own form, which cannot contain a comma in a password: without user name and password of a URL.</param>
/// <param name="User">The URL's user name.</param>
/// <param name="Password">The URL's password.</param>
internal sealed record RedisConnectionString(string Text, string? User, string? Password)
{
    private const int DefaultPort = 6379;

    // Options that a URL specifies elsewhere.
    private static readonly HashSet<string> InUri = new(StringComparer.OrdinalIgnoreCase) { "user", "password", "ssl" };

    /// <summary>Parses a connection string of either form.</summary>
    /// <exception cref="ConnectionUriException">It has a part that the client would ignore.</exception>
    /// <exception cref="ArgumentException">The client cannot parse it.</exception>
    public static RedisConnectionString Parse(
        string text) => ConnectionUri.IsUri(text) ? ParseUri(ConnectionUri.Parse(text)) : ParseOwn(text);

    /// <summary>Sets the user name and password, which <see cref="Text"/> lacks.</summary>
    public void ApplyTo(ConfigurationOptions options)
    {
        options.User = User ?? options.User;
        options.Password = Password ?? options.Password;
    }

    private static RedisConnectionString ParseOwn(string text)
    {
        // The part after a comma in a password would be another host, to which the client would try to connect.
        var parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.SkipWhile(part => !part.Contains('=', StringComparison.Ordinal))
            .Any(part => !part.Contains('=', StringComparison.Ordinal)))
        {
            throw new ConnectionUriException(
                "has a host after an option, or a password with a comma: for such a password use the form "
                    + "redis://:PASSWORD@HOST, with %2C for the comma.");
        }

        ConfigurationOptions.Parse(text);
        return new(text, User: null, Password: null);
    }

    private static RedisConnectionString ParseUri(ConnectionUri uri)
    {
        if (uri.Scheme is not ("redis" or "rediss"))
        {
            throw new ConnectionUriException("has another scheme than redis:// or rediss://.");
        }

        var host = uri.Host.Contains(':', StringComparison.Ordinal) ? $"[{uri.Host}]" : uri.Host;
        List<string> parts = [string.Create(CultureInfo.InvariantCulture, $"{host}:{uri.Port ?? DefaultPort}")];
        if (uri.Scheme == "rediss")
        {
            parts.Add("ssl=true");
        }

        if (uri.Path.Length > 0)
        {
            parts.Add(DatabaseOption(uri.Path));
        }

        parts.AddRange(uri.Parameters.Select(parameter => Option(parameter.Key, parameter.Value, hasDatabase: uri.Path.Length > 0)));
        return new(string.Join(',', parts), uri.User, uri.Password);
    }

    private static string DatabaseOption(
        string path) => int.TryParse(path, NumberStyles.None, CultureInfo.InvariantCulture, out var database)
        ? string.Create(CultureInfo.InvariantCulture, $"defaultDatabase={database}")
        : throw new ConnectionUriException("names a database by something other than a number.");

    private static string Option(string name, string value, bool hasDatabase)
    {
        var isDatabase = name.ToLowerInvariant() is "db" or "database" or "defaultdatabase";
        var option = isDatabase ? DatabaseOption(value) : $"{name}={value}";
        try
        {
            if (!InUri.Contains(name) && !(isDatabase && hasDatabase) && !value.Contains(',', StringComparison.Ordinal))
            {
                ConfigurationOptions.Parse(option);
                return option;
            }
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            // The client's message may contain the value.
        }

        throw new ConnectionUriException($"has the parameter {name} in its query, which cannot be honoured there.");
    }
}
