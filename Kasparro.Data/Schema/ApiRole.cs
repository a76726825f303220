using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Kasparro.Data.Schema;

/// <summary>The database role of the API, which can read everything and write only what its routes write.</summary>
public static class ApiRole
{
    /// <summary>The name of the role.</summary>
    public const string Name = "kasparro_api";

    // PostgreSQL's own default.
    private const int Iterations = 4096;

    /// <summary>Makes the role and gives it its rights; it may run any number of times.</summary>
    /// <param name="context">The migrated catalogue.</param>
    /// <param name="password">What the role logs in with, in ASCII; null leaves its login as it is, which is none for a new role.</param>
    /// <param name="cancellationToken">Stops the statements.</param>
    /// <returns>Whether the role is there: a managed server may not let this user make roles.</returns>
    /// <exception cref="PostgresException">A password is given, and this user may not change the role.</exception>
    public static async Task<bool> EnsureAsync(CatalogueContext context, string? password, CancellationToken cancellationToken)
    {
        await context.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            var connection = (NpgsqlConnection)context.Database.GetDbConnection();
            await using var grant = new NpgsqlCommand(SchemaSql.ApiRole, connection);
            if (!(bool)(await grant.ExecuteScalarAsync(cancellationToken))!)
            {
                return false;
            }

            if (password is not null)
            {
                // The verifier in place of the password: statements may be logged. It consists of base64, digits and $:-.
                await using var login = new NpgsqlCommand($"ALTER ROLE {Name} LOGIN PASSWORD '{Verifier(password)}'", connection);
                await login.ExecuteNonQueryAsync(cancellationToken);
            }

            return true;
        }
        finally
        {
            await context.Database.CloseConnectionAsync();
        }
    }

    /// <summary>The SCRAM-SHA-256 verifier of a password (RFC 5803), as PostgreSQL stores it.</summary>
    private static string Verifier(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var salted = Rfc2898DeriveBytes.Pbkdf2(password, salt, Iterations, HashAlgorithmName.SHA256, outputLength: 32);
        var storedKey = SHA256.HashData(Sign(salted, "Client Key"));
        var serverKey = Sign(salted, "Server Key");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(storedKey)}:{Convert.ToBase64String(serverKey)}");
    }

    private static byte[] Sign(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(text));
}
