using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Kasparro.Data.Schema;

/// <summary>
/// The database role of the API, which reads everything and writes only what the API's routes write (<c>api-role.sql</c>).
/// </summary>
public static class ApiRole
{
    /// <summary>The role's name.</summary>
    public const string Name = "kasparro_api";

    /// <summary>Creates the role if it does not exist, and sets its rights; safe to repeat.</summary>
    /// <param name="context">The catalogue, as its owner.</param>
    /// <param name="password">The password that the role logs in with; null leaves its login unchanged, and a new role without
    /// login.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>Whether it succeeded; false if the connection may not create or change roles.</returns>
    public static async Task<bool> ApplyAsync(CatalogueContext context, string? password, CancellationToken cancellationToken)
    {
        try
        {
            await context.Database.ExecuteSqlRawAsync(SchemaSql.ApiRole, cancellationToken);
            if (password is not null)
            {
                // The statement cannot have parameters here; a verifier has no characters that need escaping.
                var statement = $"ALTER ROLE {Name} LOGIN PASSWORD '{ScramVerifier.Create(password)}'";
                await context.Database.ExecuteSqlRawAsync(statement, cancellationToken);
            }

            return true;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return false;
        }
    }
}
