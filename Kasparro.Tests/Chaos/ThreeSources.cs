using System.Globalization;
using System.Text;
using StackExchange.Redis;

namespace Kasparro.Tests.Chaos;

/// <summary>
/// An ingestion of three sources of about 20 pages each, including identity evidence: the simulator's catalogue, with fixed prices, and a
/// CSV file with good, bad, quoted and repeated rows. It must end with the same content regardless of what happens to it.
/// </summary>
public sealed class ThreeSources(BackingServices services) : IAsyncLifetime
{
    private const int Assets = 500;
    private const int PageSize = 25;
    private const int GeckoPageSize = 10; // CoinGecko lists fewer coins.

    private readonly string _folder = Directory.CreateTempSubdirectory("kasparro-chaos-").FullName;
    private SimulatorHost _simulator = null!;

    /// <summary>The content of the database after an undisturbed run.</summary>
    public string Expected { get; private set; } = "";

    /// <summary>The number of pages of an undisturbed run.</summary>
    public int Pages { get; private set; }

    /// <summary>The number of rows per table after an undisturbed run, for the report.</summary>
    public string Rows { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var cancellationToken = Cancellation;
        _simulator = await SimulatorHost.StartAsync("--assets", $"{Assets}", "--at", "2026-11-01T00:00:00Z");
        await File.WriteAllTextAsync(Path.Combine(_folder, "assets.csv"), CsvText(), cancellationToken);
        await using var undisturbed = await CreateAsync(cancellationToken);
        var outcome = await undisturbed.IngestAsync(cancellationToken);
        Assert.True(outcome.Succeeded, string.Join("; ", outcome.Sources));
        Expected = await undisturbed.ContentAsync(cancellationToken);
        Pages = (int)await undisturbed.ScalarAsync<long>("SELECT sum(pages) FROM ingestion_runs", cancellationToken);
        Rows = string.Join(", ", await undisturbed.RowsAsync(
            """
            SELECT concat((SELECT count(*) FROM assets), ' assets'), concat((SELECT count(*) FROM listings), ' listings'),
                   concat((SELECT count(*) FROM quotes), ' quotes'), concat((SELECT count(*) FROM checkpoints), ' checkpoints')
            """,
            cancellationToken)).Replace(" |", ",", StringComparison.Ordinal);
        await DropAsync(undisturbed, cancellationToken);
    }

    /// <summary>Creates a worker on an empty database.</summary>
    internal Task<IngestionHarness> CreateAsync(
        CancellationToken cancellationToken, params (string Key, string? Value)[] overrides)
    {
        var url = _simulator.Client.BaseAddress!;
        return IngestionHarness.CreateAsync(
            services,
            url.ToString(),
            cancellationToken,
            [
                ("Sources:CoinPaprika:BaseUrl", $"{url}coinpaprika/v1/"),
                ("Sources:CoinPaprika:PageSize", $"{PageSize}"),
                ("Sources:CoinPaprika:EvidenceInterval", "1.00:00:00"),
                ("Sources:CoinGecko:BaseUrl", $"{url}coingecko/api/v3/"),
                ("Sources:CoinGecko:PageSize", $"{GeckoPageSize}"),
                ("Sources:CoinGecko:ListPageSize", $"{GeckoPageSize}"),
                ("Sources:CoinGecko:EvidenceInterval", "1.00:00:00"),
                ("Sources:Csv:Path", _folder),
                ("Sources:Csv:PageSize", $"{PageSize}"),
                .. overrides,
            ]);
    }

    /// <summary>Adds a fault to the simulator, in the format of <c>POST /faults</c>.</summary>
    public async Task FaultAsync(string fault, CancellationToken cancellationToken)
    {
        using var content = new StringContent(fault, Encoding.UTF8, "application/json");
        using var response = await _simulator.Client.PostAsync(new Uri("/faults", UriKind.Relative), content, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Removes all faults.</summary>
    public async Task HealAsync(CancellationToken cancellationToken)
    {
        using var response = await _simulator.Client.DeleteAsync(new Uri("/faults", UriKind.Relative), cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    internal async Task DropAsync(IngestionHarness ingestion, CancellationToken cancellationToken) =>
        await services.DropDatabaseAsync(ingestion.Settings["ConnectionStrings:kasparro"]!, cancellationToken);

    /// <summary>Removes the lock of a dead worker at once, rather than waiting until it expires.</summary>
    internal static async Task ForgetLockAsync(IngestionHarness ingestion)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(ingestion.Settings["ConnectionStrings:cache"]!);
        await redis.GetDatabase().KeyDeleteAsync(CacheKeys.IngestionLock);
    }

    public async ValueTask DisposeAsync()
    {
        await (_simulator?.DisposeAsync() ?? ValueTask.CompletedTask);
        Directory.Delete(_folder, recursive: true);
    }

    private static string CsvText()
    {
        var text = new StringBuilder("id,symbol,name,price_usd,market_cap,updated_at\n");
        for (var n = 0; n < Assets; n++)
        {
            text.AppendLine((n % 50) switch
            {
                7 => $"row{n},S{n},Name {n},much,1,2026-10-01T00:00:00Z",
                11 => $"row{n},S{n},\"Name, \"\"{n}\"\"\nof two lines 🚀\",{n}.5,{n}000,2026-10-01T00:00:00Z",
                13 => $"row{n - 1},S{n - 1},Name {n},{n}.25,{n}000,2026-10-02T00:00:00Z",
                17 => $"row{n},S{n}",
                19 => string.Create(CultureInfo.InvariantCulture, $"row{n},BTC,Bitcoin,{n}e-30,1e40,2026-10-01T00:00:00Z"),
                _ => $"row{n},S{n},Name {n},{n}.5,{n}000,2026-10-01T00:00:00Z",
            });
        }

        return text.ToString();
    }
}
