using Kasparro.Data;
using Kasparro.Data.Schema;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Kasparro.Benchmarks.Ingestion;

/// <summary>A database for the benchmark, migrated like the product's, and dropped at the end.</summary>
internal sealed class BenchDatabase : IAsyncDisposable
{
    private readonly string _server;
    private readonly string _name;

    private BenchDatabase(string server, string name, string connectionString)
    {
        _server = server;
        _name = name;
        ConnectionString = connectionString;
        Connections = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { CommandTimeout = 0 });
    }

    public string ConnectionString { get; }

    /// <summary>Connections for the benchmark itself, without a limit on the duration of statements; the product opens its own.</summary>
    public NpgsqlDataSource Connections { get; }

    /// <summary>Creates the configuration of an API on this database.</summary>
    public Dictionary<string, string?> ApiSettings(string redis) => new(StringComparer.Ordinal)
    {
        ["ConnectionStrings:kasparro"] = ConnectionString,
        ["ConnectionStrings:cache"] = redis,
    };

    public static async Task<BenchDatabase> CreateAsync(string server, string name, CancellationToken cancellationToken)
    {
        await ExecuteAsync(server, $"DROP DATABASE IF EXISTS {name} WITH (FORCE)", cancellationToken);
        await ExecuteAsync(server, $"CREATE DATABASE {name}", cancellationToken);
        var database = new BenchDatabase(server, name, new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString);
        await using var context = database.CreateContext();
        await SchemaMigrator.MigrateAsync(context, cancellationToken);
        return database;
    }

    public CatalogueContext CreateContext()
    {
        var options = new DbContextOptionsBuilder<CatalogueContext>();
        options.UseNpgsql(ConnectionString).UseSnakeCaseNamingConvention();
        return new(options.Options);
    }

    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = Connections.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<T> ScalarAsync<T>(string sql, CancellationToken cancellationToken)
    {
        await using var command = Connections.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>
    /// Empties all tables of the schema and resets the counts; partitions are kept. It also draws a fencing token, as another worker would,
    /// so that a worker drops what it remembers of the catalogue.
    /// </summary>
    public Task EmptyAsync(CancellationToken cancellationToken) => ExecuteAsync(
        """
        DO $$
        BEGIN
            EXECUTE (SELECT 'TRUNCATE ' || string_agg(quote_ident(relname), ', ') FROM pg_class
                     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
                       AND relname NOT IN ('__EFMigrationsHistory', 'candle_state', 'catalogue_counts', 'catalogue_state',
                                           'ingestion_lease'));
            UPDATE candle_state SET quotes_from = '-infinity', hours_from = '-infinity', days_until = '-infinity';
            UPDATE catalogue_counts SET count = 0;
            UPDATE ingestion_lease SET token = token + 1;
        END $$
        """,
        cancellationToken);

    /// <summary>Deletes one source's rows and tidies up, as if the source had never been read.</summary>
    public async Task ForgetAsync(string source, CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            $"""
            DELETE FROM raw_pages WHERE source = '{source}';
            DELETE FROM quotes q USING listings l WHERE q.listing_id = l.listing_id AND l.source = '{source}';
            DELETE FROM hourly_candles h USING listings l WHERE h.listing_id = l.listing_id AND l.source = '{source}';
            DELETE FROM daily_candles d USING listings l WHERE d.listing_id = l.listing_id AND l.source = '{source}';
            DELETE FROM assets a USING listings l WHERE a.asset_id = l.listing_id AND l.source = '{source}';
            DELETE FROM listings WHERE source = '{source}';
            DELETE FROM checkpoints WHERE source = '{source}';
            UPDATE catalogue_counts SET count = 0 WHERE scope = '{source}';
            UPDATE ingestion_lease SET token = token + 1;
            """,
            cancellationToken);
        await SettleAsync(cancellationToken);
    }

    /// <summary>
    /// Does what autovacuum would do within a minute and a checkpoint within five, so that no timed step pays for the work of another.
    /// </summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        await ExecuteAsync("VACUUM (ANALYZE)", cancellationToken);
        await ExecuteAsync("CHECKPOINT", cancellationToken);
    }

    /// <summary>Reads the total time of the catalogue's runs, from beginning to end.</summary>
    public async Task<TimeSpan> RunTimeAsync(CancellationToken cancellationToken) =>
        await ScalarAsync<TimeSpan>("SELECT sum(finished_at - started_at) FROM ingestion_runs", cancellationToken);

    /// <summary>Reads the number of bytes of write-ahead log since the server's start.</summary>
    public Task<decimal> WalAsync(CancellationToken cancellationToken) =>
        ScalarAsync<decimal>("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn", cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Connections.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        await ExecuteAsync(_server, $"DROP DATABASE IF EXISTS {_name} WITH (FORCE)", CancellationToken.None);
    }

    private static async Task ExecuteAsync(string server, string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
