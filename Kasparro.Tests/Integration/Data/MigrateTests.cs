using Kasparro.Data.Schema;
using Kasparro.Ingestion.Runs;
using Npgsql;

namespace Kasparro.Tests.Integration.Data;

[Takes(85)]
public sealed class MigrateTests(BackingServices services)
{
    private const string Password = "correct-horse-battery";

    [Fact]
    public async Task Migrate_refuses_a_database_of_before_the_first_release_in_a_line()
    {
        var database = await CreateAsync("""
            DELETE FROM "__EFMigrationsHistory";
            INSERT INTO "__EFMigrationsHistory" VALUES
                ('20261123014818_Initial', '10.0.15'), ('20261123173924_DecisionsByListing', '10.0.15')
            """);

        var (code, output) = await MigrateAsync(database);

        Assert.True(code == ExitCodes.Failed, output);
        Assert.Contains("20261123173924_DecisionsByListing", output, StringComparison.Ordinal);
        Assert.Contains("create an empty database", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_leaves_a_database_of_a_later_version_as_it_is_and_says_nothing_of_a_collation_that_has_not_changed()
    {
        var database = await CreateAsync("INSERT INTO \"__EFMigrationsHistory\" VALUES ('29990101000000_Later', '99.0.0')");

        var (code, output) = await MigrateAsync(database);

        Assert.True(code == ExitCodes.Completed, output);
        Assert.True(await IsCurrentAsync(database));
        Assert.DoesNotContain("collation", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schema_is_not_current_when_the_newest_migration_is_missing()
    {
        var database = await CreateAsync("UPDATE \"__EFMigrationsHistory\" SET migration_id = '20260101000000_Earlier'");

        Assert.False(await IsCurrentAsync(database));
    }

    [Fact]
    public async Task Migrate_warns_of_a_database_whose_collation_has_changed()
    {
        var database = await CreateAsync("UPDATE pg_database SET datcollversion = '1.0' WHERE datname = current_database()");

        var (code, output) = await MigrateAsync(database);

        Assert.True(code == ExitCodes.Completed, output);
        Assert.Contains("created with version 1.0 of its collation", output, StringComparison.Ordinal);
        Assert.Contains("REINDEX DATABASE", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_lets_the_role_of_the_API_log_in_with_the_password_that_is_set()
    {
        var database = await CreateAsync("SELECT 1");

        var (code, output) = await MigrateAsync(database, ("Database:ApiPassword", Password));

        Assert.True(code == ExitCodes.Completed, output);
        Assert.DoesNotContain(Password, output, StringComparison.Ordinal);
        var login = new NpgsqlConnectionStringBuilder(database) { Username = ApiRole.Name, Password = Password }.ConnectionString;
        Assert.Equal(ApiRole.Name, await ReadAsync(login, "SELECT current_user::text"));
        Assert.StartsWith("SCRAM-SHA-256$4096:", await ReadAsync(
            database, $"SELECT rolpassword FROM pg_authid WHERE rolname = '{ApiRole.Name}'"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_without_the_right_to_change_roles_fails_only_when_a_password_is_to_be_set()
    {
        var postgres = await services.CreateDatabaseAsync(Cancellation);
        var (owner, name) = ($"owner_{Guid.NewGuid():N}", $"owned_{Guid.NewGuid():N}");
        await ExecuteAsync(postgres, $"CREATE ROLE {owner} LOGIN PASSWORD '{Password}'");
        await ExecuteAsync(postgres, $"CREATE DATABASE {name} OWNER {owner}");
        var database =
            new NpgsqlConnectionStringBuilder(postgres) { Username = owner, Password = Password, Database = name }.ConnectionString;

        var (code, output) = await MigrateAsync(database);
        var (codeWithPassword, outputWithPassword) = await MigrateAsync(database, ("Database:ApiPassword", Password));

        Assert.True(code == ExitCodes.Completed, output);
        Assert.True(codeWithPassword == ExitCodes.Failed, outputWithPassword);
        Assert.Contains($"may not create or change the role {ApiRole.Name}", outputWithPassword, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Role_of_the_API_may_read_and_give_orders_and_nothing_else()
    {
        (string Sql, bool IsAllowed)[] statements =
        [
            ("INSERT INTO ingestion_orders (ingestion_id, ordered_at) VALUES (gen_random_uuid(), now())", true),
            ("SELECT count(*) FROM quotes", true),
            ("UPDATE assets SET price_usd = 1", false),
            ("UPDATE ingestion_orders SET taken_at = now()", false),
            ("DELETE FROM identity_override_changes", false),
            ("UPDATE ingestion_lease SET token = token + 1", false),
            ("TRUNCATE quotes", false),
            ("CREATE TABLE mine (id int)", false),
            ("SELECT rolpassword FROM pg_authid", false),
        ];
        var database = await services.CreateDatabaseAsync(Cancellation);
        var asApi = new NpgsqlConnectionStringBuilder(database) { Options = $"-c role={ApiRole.Name}" }.ConnectionString;
        foreach (var (sql, isAllowed) in statements)
        {
            var refusal = await Record.ExceptionAsync(() => ExecuteAsync(asApi, sql));

            var expected = isAllowed ? null : PostgresErrorCodes.InsufficientPrivilege;
            Assert.True((refusal as PostgresException)?.SqlState == expected, $"{sql}: {refusal?.Message ?? "allowed"}");
        }
    }

    private static Task ExecuteAsync(string connectionString, string sql) =>
        CatalogueSeed.ExecuteAsync(connectionString, sql, Cancellation);

    private static async Task<string> ReadAsync(string connectionString, string sql)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        return await database.ScalarAsync<string>(sql, Cancellation);
    }

    private static async Task<(int Code, string Output)> MigrateAsync(string connectionString, params (string Key, string Value)[] others)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["ConnectionStrings:kasparro"] = connectionString };
        foreach (var (key, value) in others)
        {
            settings[key] = value;
        }

        using var migrating = IngestionProcess.Start(settings, Cancellation, "migrate");
        return await migrating.WaitAsync(Cancellation);
    }

    private static async Task<bool> IsCurrentAsync(string connectionString)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        return await SchemaMigrator.IsCurrentAsync(database, Cancellation);
    }

    /// <summary>Creates a database with the whole schema, changed by <paramref name="sql"/>, and returns its connection string.</summary>
    private async Task<string> CreateAsync(string sql)
    {
        var connectionString = await services.CreateDatabaseAsync(Cancellation);
        await ExecuteAsync(connectionString, sql);
        return connectionString;
    }
}
