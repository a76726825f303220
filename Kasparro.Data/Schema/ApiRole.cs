using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Kasparro.Data.Schema;

/// <summary>The database role of the API: it reads everything and writes only what the API's routes write (<c>api-role.sql</c>).</summary>
public static class ApiRole
{
    /// <summary>The role's name.</summary>
    public const string Name = "kasparro_api";

    /// <summary>Creates the role where it is missing and sets its rights; it may run any number of times.</summary>
    /// <param name="context">The catalogue, as its owner.</param>
    /// <param name="password">What the role logs in with; null leaves its login as it is, which of a new role is none.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Whether it could: false where the connection may not create or change roles.</returns>
    public static async Task<bool> ApplyAsync(CatalogueContext context, string? password, CancellationToken cancellationToken)
    {
        try
        {
            await context.Database.ExecuteSqlRawAsync(SchemaSql.ApiRole, cancellationToken);
            if (password is not null)
            {
                // No parameter can stand here; a verifier has no character that would need escaping.
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
