using Kasparro.Data.Schema;
using Kasparro.Ingestion.Runs;
using Kasparro.Tests.Integration.Ingestion;
using Npgsql;

namespace Kasparro.Tests.Integration.Data;

public sealed class MigrateTests(BackingServices services)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Migrate_refuses_a_database_of_before_the_first_release_in_a_line()
    {
        var database = await CreateAsync("""
            DELETE FROM "__EFMigrationsHistory";
            INSERT INTO "__EFMigrationsHistory" VALUES ('20261123014818_Initial', '10.0.15'), ('20261123173924_DecisionsByListing', '10.0.15')
            """);

        var (code, output) = await MigrateAsync(database);

        Assert.True(code == ExitCodes.Failed, output);
        Assert.Contains("20261123173924_DecisionsByListing", output, StringComparison.Ordinal);
        Assert.Contains("create an empty database", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_leaves_a_database_of_a_later_version_as_it_is()
    {
        var database = await CreateAsync("INSERT INTO \"__EFMigrationsHistory\" VALUES ('29990101000000_Later', '99.0.0')");

        var (code, output) = await MigrateAsync(database);

        Assert.True(code == ExitCodes.Completed, output);
        Assert.True(await IsCurrentAsync(database));
    }

    [Fact]
    public async Task Schema_is_not_current_when_the_newest_migration_is_missing()
    {
        var database = await CreateAsync("UPDATE \"__EFMigrationsHistory\" SET migration_id = '20260101000000_Earlier'");

        Assert.False(await IsCurrentAsync(database));
    }

    private static async Task<(int Code, string Output)> MigrateAsync(string connectionString)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["ConnectionStrings:kasparro"] = connectionString };
        using var migrating = IngestionProcess.Start(settings, Cancellation, "migrate");
        return await migrating.WaitAsync(Cancellation);
    }

    private static async Task<bool> IsCurrentAsync(string connectionString)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        return await SchemaMigrator.IsCurrentAsync(database, Cancellation);
    }

    /// <summary>A database with the whole schema, changed by <paramref name="sql"/>; its connection string.</summary>
    private async Task<string> CreateAsync(string sql)
    {
        var connectionString = await services.CreateDatabaseAsync(Cancellation);
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
        return connectionString;
    }
}
