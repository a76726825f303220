using Kasparro.ServiceDefaults.Settings;
using Npgsql;

namespace Kasparro.ServiceDefaults.Postgres;

/// <summary>
/// Converts connection strings <c>postgresql://user:password@host:port/database?name=value</c>, with libpq's parameters, to Npgsql's.
/// </summary>
internal static class PostgresUri
{
    // libpq's names and Npgsql's equivalents.
    private static readonly Dictionary<string, string> Keywords = new(StringComparer.Ordinal)
    {
        ["application_name"] = "Application Name",
        ["channel_binding"] = "Channel Binding",
        ["connect_timeout"] = "Timeout",
        ["options"] = "Options",
        ["sslmode"] = "SSL Mode",
        ["sslnegotiation"] = "SSL Negotiation",
    };

    private static readonly string[] SslModes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

    /// <summary>Checks a connection string of either form.</summary>
    /// <exception cref="ConnectionUriException">It has a part that Npgsql would ignore, or is in libpq's own form.</exception>
    /// <exception cref="ArgumentException">Npgsql cannot read it.</exception>
    public static void Check(string text)
    {
        if (new NpgsqlConnectionStringBuilder(ToConnectionString(text)).Host?.Contains('=', StringComparison.Ordinal) is true)
        {
            throw new ConnectionUriException("separates names and values by blanks, as libpq does: Npgsql separates them by semicolons.");
        }
    }

    /// <summary>Returns the connection string in Npgsql's form; text that is not a URL is returned unchanged.</summary>
    /// <exception cref="ConnectionUriException">The URL has a part that Npgsql would ignore.</exception>
    public static string ToConnectionString(string text)
    {
        if (!ConnectionUri.IsUri(text))
        {
            return text;
        }

        var uri = ConnectionUri.Parse(text);
        if (uri.Scheme is not ("postgres" or "postgresql"))
        {
            throw new ConnectionUriException("has another scheme than postgresql:// or postgres://.");
        }

        if (uri.Path.Contains('/', StringComparison.Ordinal))
        {
            throw new ConnectionUriException("names no one database: its path has a slash.");
        }

        var builder = new NpgsqlConnectionStringBuilder { Host = uri.Host, Port = uri.Port ?? NpgsqlConnection.DefaultPort };
        Set("Username", uri.User);
        Set("Password", uri.Password);
        Set("Database", uri.Path.Length > 0 ? uri.Path : null);
        foreach (var (name, value) in uri.Parameters)
        {
            SetParameter(builder, name, value);
        }

        return builder.ConnectionString;

        void Set(string keyword, string? value)
        {
            if (value is not null)
            {
                builder[keyword] = value;
            }
        }
    }

    private static void SetParameter(NpgsqlConnectionStringBuilder builder, string name, string value)
    {
        if (!Keywords.TryGetValue(name, out var keyword))
        {
            throw new ConnectionUriException(
                $"has the parameter {name}, which cannot be honoured: remove it, or give the connection string in Npgsql's form. "
                + $"Honoured are {string.Join(", ", Keywords.Keys)}.");
        }

        try
        {
            builder[keyword] = name != "sslmode" ? value
                : SslModes.Contains(value, StringComparer.Ordinal) ? value.Replace("-", "", StringComparison.Ordinal)
                : throw new ArgumentException(message: null, nameof(value));
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidCastException)
        {
            throw new ConnectionUriException($"has a value of the parameter {name} that cannot be honoured.");
        }
    }
}
