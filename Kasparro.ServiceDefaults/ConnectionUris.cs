using Microsoft.Extensions.Configuration;

namespace Kasparro.ServiceDefaults;

/// <summary>
/// Connection strings as hosts hand them out, <c>postgresql://user:password@host/database</c> and <c>redis://:password@host</c>, in the form
/// that Npgsql and StackExchange.Redis read. Others are left as they are.
/// </summary>
internal static class ConnectionUris
{
    private const int PostgresPort = 5432;
    private const int RedisPort = 6379;

    /// <summary>Rewrites every connection string that is such a URI.</summary>
    public static void Rewrite(IConfigurationManager configuration)
    {
        var rewritten = configuration.GetSection("ConnectionStrings").GetChildren()
            .Select(entry => KeyValuePair.Create(entry.Path, Rewrite(entry.Value)))
            .Where(entry => entry.Value is not null)
            .ToList();
        if (rewritten.Count > 0)
        {
            configuration.AddInMemoryCollection(rewritten);
        }
    }

    /// <summary>The form that the clients read; null where the text is no such URI.</summary>
    public static string? Rewrite(string? text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri))
        {
            return null;
        }

        var (user, password) = uri.UserInfo.Split(':', 2) is [var name, var secret]
            ? (Uri.UnescapeDataString(name), Uri.UnescapeDataString(secret))
            : (Uri.UnescapeDataString(uri.UserInfo), "");
        return uri.Scheme switch
        {
            "postgres" or "postgresql" => new System.Data.Common.DbConnectionStringBuilder
            {
                ["Host"] = uri.Host,
                ["Port"] = uri.IsDefaultPort ? PostgresPort : uri.Port,
                ["Username"] = user,
                ["Password"] = password,
                ["Database"] = Uri.UnescapeDataString(uri.AbsolutePath.Trim('/')),
            }.ConnectionString + Ssl(uri),
            "redis" or "rediss" => $"{uri.Host}:{(uri.IsDefaultPort ? RedisPort : uri.Port)}"
                + (user.Length > 0 ? $",user={user}" : "")
                + (password.Length > 0 ? $",password={password}" : "")
                + (uri.Scheme == "rediss" ? ",ssl=true" : ""),
            _ => null,
        };
    }

    // libpq's parameter, and the only one that hosts are seen to add.
    private static string Ssl(Uri uri) => uri.Query.TrimStart('?').Split('&').FirstOrDefault(pair => pair.StartsWith("sslmode=", StringComparison.Ordinal)) is { } mode
        ? $";SSL Mode={mode["sslmode=".Length..].Replace("-", "", StringComparison.Ordinal)}"
        : "";
}
