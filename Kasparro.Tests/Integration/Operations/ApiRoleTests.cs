using Kasparro.Data.Schema;
using Kasparro.Tests.Integration.Api;
using Npgsql;

namespace Kasparro.Tests.Integration.Operations;

/// <summary>The database role of the API. That its rights suffice is shown by all tests of the API, which connects with it in <see cref="ApiHarness"/>.</summary>
public sealed class ApiRoleTests(BackingServices services)
{
    private const string RightsSql = """
        SELECT relname || ' ' || privilege FROM pg_class, unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS privilege
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm') AND has_table_privilege('kasparro_api', oid, privilege)
        ORDER BY 1
        """;

    private const string UnreadableSql = """
        SELECT relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm') AND NOT has_table_privilege('kasparro_api', oid, 'SELECT')
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Role_reads_everything_and_writes_only_orders_and_override_changes()
    {
        await using var catalogue = NpgsqlDataSource.Create(await services.CreateDatabaseAsync(Cancellation));

        Assert.Equal(["identity_override_changes INSERT", "ingestion_orders INSERT"], await TextsAsync(catalogue, RightsSql));
        Assert.Empty(await TextsAsync(catalogue, UnreadableSql));
        Assert.Equal(
            ["false false false false false"],
            await TextsAsync(catalogue, "SELECT concat_ws(' ', rolsuper::text, rolcreaterole::text, rolcreatedb::text, rolbypassrls::text, rolreplication::text) FROM pg_roles WHERE rolname = 'kasparro_api'"));
    }

    [Theory]
    [InlineData("DELETE FROM assets")]
    [InlineData("UPDATE catalogue_state SET version = 0")]
    [InlineData("INSERT INTO identity_overrides (listing_id, other_id) VALUES (gen_random_uuid(), gen_random_uuid())")]
    [InlineData("DELETE FROM ingestion_orders")]
    [InlineData("CREATE TABLE mine (id int)")]
    [InlineData("COPY (SELECT 1) TO PROGRAM 'true'")]
    public async Task Role_is_refused_everything_else(string statement)
    {
        await using var api = NpgsqlDataSource.Create(AsApi(await services.CreateDatabaseAsync(Cancellation), BackingServices.ApiPassword));
        await using var command = api.CreateCommand(statement);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Cancellation));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task Role_logs_in_with_its_password_only()
    {
        var connectionString = await services.CreateDatabaseAsync(Cancellation);
        await using var wrong = new NpgsqlConnection(AsApi(connectionString, "another"));

        var refused = await Assert.ThrowsAsync<PostgresException>(() => wrong.OpenAsync(Cancellation));

        Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
        await using var right = new NpgsqlConnection(AsApi(connectionString, BackingServices.ApiPassword));
        await right.OpenAsync(Cancellation);
    }

    [Fact]
    public async Task Rights_that_a_restored_dump_has_lost_are_given_again()
    {
        var connectionString = await services.CreateDatabaseAsync(Cancellation);
        await using var catalogue = NpgsqlDataSource.Create(connectionString);
        await using var revoke = catalogue.CreateCommand("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM kasparro_api");
        await revoke.ExecuteNonQueryAsync(Cancellation);
        Assert.NotEmpty(await TextsAsync(catalogue, UnreadableSql));

        await using var context = CatalogueSeed.Open(connectionString);
        Assert.True(await ApiRole.EnsureAsync(context, password: null, Cancellation));

        Assert.Empty(await TextsAsync(catalogue, UnreadableSql));
        Assert.Equal(2, (await TextsAsync(catalogue, RightsSql)).Count);
    }

    private static string AsApi(string connectionString, string password) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Username = ApiRole.Name, Password = password, Pooling = false }.ConnectionString;

    private static async Task<List<string>> TextsAsync(NpgsqlDataSource catalogue, string sql)
    {
        await using var command = catalogue.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var texts = new List<string>();
        while (await reader.ReadAsync(Cancellation))
        {
            texts.Add(reader.GetString(0));
        }

        return texts;
    }
}
