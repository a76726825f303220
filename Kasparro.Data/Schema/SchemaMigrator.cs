using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace Kasparro.Data.Schema;

/// <summary>Migrates a database to the schema of this code, and checks whether it has that schema.</summary>
public static class SchemaMigrator
{
    /// <summary>The id of the newest migration that this code has.</summary>
    public static string NewestMigration { get; } = typeof(SchemaMigrator).Assembly.GetTypes()
        .Select(type => type.GetCustomAttribute<MigrationAttribute>()?.Id)
        .OfType<string>()
        .Max(StringComparer.Ordinal)!;

    /// <summary>Applies the migrations that the database lacks; safe to repeat.</summary>
    /// <exception cref="UnsupportedSchemaException">The database was created before the first release.</exception>
    public static async Task MigrateAsync(CatalogueContext context, CancellationToken cancellationToken)
    {
        var first = context.Database.GetMigrations().First();
        var applied = (await context.Database.GetAppliedMigrationsAsync(cancellationToken)).ToList();
        if (applied.Count > 0 && !applied.Contains(first, StringComparer.Ordinal))
        {
            throw new UnsupportedSchemaException(applied[^1]);
        }

        await context.Database.MigrateAsync(cancellationToken);
    }

    /// <summary>
    /// Explains what to do about a database whose collation has changed since it was created, which silently breaks indexes on text; null
    /// if it has not changed. The cause is an upgrade of the operating system under an existing data directory.
    /// </summary>
    public static async Task<string?> FindCollationChangeAsync(CatalogueContext context, CancellationToken cancellationToken)
    {
        var versions = await context.Database.SqlQueryRaw<CollationVersions>("""
            SELECT datname AS database, datcollversion AS recorded, pg_database_collation_actual_version(oid) AS actual
            FROM pg_database WHERE datname = current_database()
            """).SingleAsync(cancellationToken);
        return versions.Recorded is { } recorded && recorded != versions.Actual
            ? $"The database was created with version {recorded} of its collation, and this server has {versions.Actual ?? "none"}: "
                + $"indexes on text may give "
                + $"wrong answers. Run REINDEX DATABASE \"{versions.Database}\", "
                    + $"then ALTER DATABASE \"{versions.Database}\" REFRESH COLLATION VERSION."
            : null;
    }

    /// <summary>Whether the database has <see cref="NewestMigration"/>, possibly with later ones.</summary>
    /// <exception cref="NpgsqlException">The database does not respond, or was never migrated.</exception>
    public static async Task<bool> IsCurrentAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT EXISTS (SELECT FROM \"__EFMigrationsHistory\" WHERE migration_id = $1)");
        command.Parameters.AddValues([NewestMigration]);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private sealed record CollationVersions(string Database, string? Recorded, string? Actual);
}

/// <summary>The exception for a database with a schema that the migrations of this code cannot upgrade.</summary>
/// <param name="migration">The newest migration that was applied to the database.</param>
public sealed class UnsupportedSchemaException(string migration) : Exception(
    $"The database has the schema of a version before the first release (its last migration is {migration}), which cannot be upgraded: "
    + "create an empty database, migrate that, and let ingestion fill it.");
