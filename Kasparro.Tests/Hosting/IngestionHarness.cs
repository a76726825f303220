using System.Globalization;
using System.Reflection;
using System.Text;
using Kasparro.Data.Runs;
using Kasparro.Ingestion;
using Kasparro.Ingestion.Runs;
using Kasparro.Ingestion.Sources;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kasparro.Tests.Hosting;

/// <summary>The product's own ingestion, with its own database and stub upstreams.</summary>
internal sealed class IngestionHarness : IAsyncDisposable
{
    private IngestionHarness(IHost host, NpgsqlDataSource database, IReadOnlyDictionary<string, string?> settings)
    {
        Host = host;
        Database = database;
        Settings = settings;
    }

    public IHost Host { get; }

    public NpgsqlDataSource Database { get; }

    /// <summary>The settings with which another process does the same.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; }

    public static Task<IngestionHarness> CreateAsync(
        BackingServices services, string upstreamUrl, CancellationToken cancellationToken,
        params (string Key, string? Value)[] overrides) =>
        CreateAsync(services, upstreamUrl, cancellationToken, configure: null, overrides);

    /// <summary>Creates an ingestion in which some of the product's services are replaced, such as the clock.</summary>
    public static async Task<IngestionHarness> CreateAsync(
        BackingServices services,
        string upstreamUrl,
        CancellationToken cancellationToken,
        Action<IHostApplicationBuilder>? configure,
        params (string Key, string? Value)[] overrides)
    {
        var connectionString = await services.CreateDatabaseAsync(cancellationToken);
        return Build(
            WorkerSettings.Create(
                connectionString,
                services.CreateRedisDatabase(),
                upstreamUrl,
                [
                    ("Sources:CoinPaprika:RetryDelay", "00:00:00.01"), ("Sources:CoinPaprika:MaxRetries", "1"),
                    ("Sources:CoinGecko:RetryDelay", "00:00:00.01"), ("Sources:CoinGecko:MaxRetries", "1"),
                    ("Sources:CoinGecko:PageSize", "1"), // So that no page is short; a short page would be the last one.
                    .. overrides,
                ]),
            configure);
    }

    /// <summary>Creates another ingestion on the same database, with other settings.</summary>
    public static IngestionHarness Create(IReadOnlyDictionary<string, string?> given, params (string Key, string? Value)[] overrides)
    {
        var settings = given.ToDictionary(StringComparer.Ordinal);
        foreach (var (key, value) in overrides)
        {
            settings[key] = value;
        }

        return Build(settings, configure: null);
    }

    private static IngestionHarness Build(Dictionary<string, string?> settings, Action<IHostApplicationBuilder>? configure)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddMetrics();
        builder.AddServiceDefaults();
        builder.AddIngestion();
        configure?.Invoke(builder);
        return new(builder.Build(), NpgsqlDataSource.Create(settings["ConnectionStrings:kasparro"]!), settings);
    }

    public Task<IngestionOutcome> IngestAsync(CancellationToken cancellationToken, params string[] sources) =>
        Host.Services.GetRequiredService<IngestionPipeline>()
            .RunAsync(new IngestionRequest(RunTrigger.Command, sources), progress: null, cancellationToken);

    public Task ExecuteAsync(string sql, CancellationToken cancellationToken) => Database.ExecuteAsync(sql, cancellationToken);

    public Task<T> ScalarAsync<T>(string sql, CancellationToken cancellationToken) => Database.ScalarAsync<T>(sql, cancellationToken);

    /// <summary>Gets the rows of a query as records whose constructor takes the columns in their order.</summary>
    public async Task<IReadOnlyList<T>> RecordsAsync<T>(string sql, CancellationToken cancellationToken)
        where T : notnull
    {
        var constructor = typeof(T).GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Single(candidate => candidate.GetParameters() is not [{ ParameterType: var type }] || type != typeof(T));
        var records = new List<T>();
        await using var command = Database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var values = new object[reader.FieldCount];
            reader.GetValues(values);
            records.Add((T)constructor.Invoke([.. values.Select(value => value is DBNull ? null : value)]));
        }

        return records;
    }

    /// <summary>Gets the rows of a query as text, one line per row; for rows with few columns.</summary>
    public async Task<IReadOnlyList<string>> RowsAsync(string sql, CancellationToken cancellationToken)
    {
        var rows = new List<string>();
        await using var command = Database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var row = new StringBuilder();
            for (var i = 0; i < reader.FieldCount; i++)
            {
                row.Append(i == 0 ? "" : " | ").Append(await reader.IsDBNullAsync(i, cancellationToken)
                    ? "null"
                    : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture));
            }

            rows.Add(row.ToString());
        }

        return rows;
    }

    /// <summary>Gets the content of all tables except for what differs between runs: run ids and times of this service's clock.</summary>
    public async Task<string> ContentAsync(CancellationToken cancellationToken)
    {
        var all = new StringBuilder();
        foreach (var sql in ContentQueries)
        {
            all.AppendLine(string.Join('\n', await RowsAsync(sql, cancellationToken)));
        }

        return all.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        Host.Dispose();
    }

    private static readonly string[] ContentQueries =
    [
        "SELECT asset_id, symbol, name, source, is_active, price_usd, market_cap_usd, volume_24h_usd, rank FROM assets ORDER BY asset_id",
        """
        SELECT listing_id, source, external_id, asset_id, symbol, name, match_key, slug_key, name_key, is_active, rank, price_usd,
            market_cap_usd,
               volume_24h_usd, quoted_at, profile_hash, quote_hash FROM listings ORDER BY listing_id
        """,
        "SELECT listing_id, quoted_at, price_usd, market_cap_usd, volume_24h_usd FROM quotes ORDER BY 1, 2",
        """
        SELECT e.listing_id, p.stream, e.record::jsonb FROM raw_pages p
        CROSS JOIN LATERAL ROWS FROM (unnest(p.listing_ids), json_array_elements(p.payload)) AS e (listing_id, record) ORDER BY 1, 2, 3
        """,
        "SELECT * FROM hourly_candles ORDER BY listing_id, hour",
        "SELECT listing_id, month, open::text, close::text, quotes::text FROM daily_candles ORDER BY listing_id, month",
        "SELECT source, stream, fingerprint, position, external_id, reason, detail, payload FROM rejected_records ORDER BY 1, 2, 3",
        "SELECT source, stream, page, records, is_complete, last_external_id FROM checkpoints ORDER BY 1, 2",
        "SELECT * FROM catalogue_counts ORDER BY scope",
        "SELECT asset_id, merged_into FROM asset_redirects ORDER BY 1",
        "SELECT listing_id, other_id, asset_id, rule, reason, confidence, evidence FROM identity_decisions ORDER BY 1, 2",
        "SELECT * FROM asset_platforms ORDER BY 1, 2, 3",
    ];
}
