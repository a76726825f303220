using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using Kasparro.Benchmarks.Api;
using Kasparro.Benchmarks.Ingestion;
using Kasparro.Benchmarks.Reporting;
using Kasparro.Data;
using Kasparro.Data.Catalogue;

namespace Kasparro.Benchmarks.Resolve;

/// <summary>Resolves ids of every vocabulary, ten thousand in one request and one at a time.</summary>
internal sealed class ResolveBench(BenchArguments arguments)
{
    public const int Assets = 50_000;
    public const int BatchSize = 10_000;
    public const string OurId = "our id";

    private const int Requests = 40;
    private const int WarmUps = 60; // Until the code of both processes is compiled in its final tier.
    private const int SavedAtOnce = 5_000;
    private const string CrosswalkFile = "isin.csv";

    private static readonly DateTimeOffset Moment = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private static readonly (string Name, Func<int, string> IdOf)[] Kinds =
    [
        (OurId, number => AssetId(number).ToString()),
        ("SOURCE:ID", number => $"coingecko:{ExternalId(number)}"),
        ("a source's id", ExternalId),
        ("CAIP-19", number => $"eip155:1/erc20:{Address(number)}"),
        ("CHAIN-ID:ADDRESS", number => $"1:{Address(number)}"),
        ("isin of a crosswalk file", number => $"isin:{Isin(number)}"),
    ];

    /// <summary>The milliseconds of one indexed query.</summary>
    public Series Query { get; } = new();

    /// <summary>The milliseconds of one POST.</summary>
    public Series Batch { get; } = new();

    /// <summary>The milliseconds of one asset, by vocabulary.</summary>
    public Dictionary<string, Series> Vocabularies { get; } =
        Kinds.ToDictionary(kind => kind.Name, _ => new Series(), StringComparer.Ordinal);

    /// <summary>The resident MB after a fifth of the batches, and after all.</summary>
    public (double Early, double Late)? Memory { get; private set; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var database = await BenchDatabase.CreateAsync(arguments.Postgres, "kasparro_bench_resolve", cancellationToken);
        await FillAsync(database, cancellationToken);
        await database.SettleAsync(cancellationToken);
        await using var api = await ServerProcess.StartAsync(
            "Kasparro.Api.dll", [], database.ApiSettings(arguments.Redis), "/data", cancellationToken);
        using var http = new HttpClient { BaseAddress = new Uri(api.Url) };
        for (var round = -WarmUps; round < arguments.Rounds; round++)
        {
            var query = await TimeQueryAsync(database, round, cancellationToken);
            var batch = await TimeBatchAsync(http, round, cancellationToken);
            var times = new List<double>();
            foreach (var (_, idOf) in Kinds)
            {
                times.Add(await TimeAssetsAsync(http, idOf, round, cancellationToken));
            }

            if (round >= 0)
            {
                Query.Add(query);
                Batch.Add(batch);
                for (var kind = 0; kind < Kinds.Length; kind++)
                {
                    Vocabularies[Kinds[kind].Name].Add(times[kind]);
                }

                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"query {query:0.0} ms, POST /resolve {batch:0.0} ms"));
            }
        }

        await MeasureMemoryAsync(api, http, cancellationToken);
    }

    private static string ExternalId(int number) => string.Create(CultureInfo.InvariantCulture, $"coin-{number}");

    private static string Address(int number) => string.Create(CultureInfo.InvariantCulture, $"0x{number + 1:x40}");

    private static string Isin(int number) => string.Create(CultureInfo.InvariantCulture, $"XS{number:D10}");

    private static Guid AssetId(int number) => StableId.ForListing(SourceNames.CoinGecko, ExternalId(number));

    private static int Number(int round, int place) => (int)((((round + WarmUps) * 7_919L) + (place * 104_729L)) % Assets);

    private static async Task<double> TimeQueryAsync(BenchDatabase database, int round, CancellationToken cancellationToken)
    {
        var keys = Enumerable.Range(0, BatchSize).Select(place => AssetId(Number(round, place))).ToArray();
        var began = TimeProvider.System.GetTimestamp();
        await using var command = database.Connections.CreateCommand(
            """
            SELECT k.n, a.asset_id, a.symbol, a.name
            FROM unnest($1::uuid[]) WITH ORDINALITY AS k (id, n) JOIN assets a ON a.asset_id = k.id
            """);
        command.Parameters.AddValues([keys]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = 0;
        while (await reader.ReadAsync(cancellationToken))
        {
            _ = (reader.GetInt64(0), reader.GetGuid(1), reader.GetString(2), reader.GetString(3));
            rows++;
        }

        return rows == BatchSize
            ? TimeProvider.System.GetElapsedTime(began).TotalMilliseconds
            : throw new InvalidOperationException($"{rows} rows of {BatchSize} keys.");
    }

    private static async Task<double> TimeBatchAsync(HttpClient http, int round, CancellationToken cancellationToken)
    {
        var ids = Enumerable.Range(0, BatchSize).Select(place => Kinds[place % Kinds.Length].IdOf(Number(round, place))).ToArray();
        using var body = JsonContent.Create(new { ids });
        await body.LoadIntoBufferAsync(cancellationToken);
        var began = TimeProvider.System.GetTimestamp();
        using var response = await http.PostAsync(new Uri("/resolve", UriKind.Relative), body, cancellationToken);
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var took = TimeProvider.System.GetElapsedTime(began).TotalMilliseconds;
        var text = Encoding.UTF8.GetString(bytes);
        var resolved = text.Split("\"status\":\"resolved\"").Length - 1;
        return resolved == BatchSize ? took : throw new InvalidOperationException(
            $"{resolved} of {BatchSize} ids are resolved: {text[..Math.Min(text.Length, 400)]}");
    }

    private static async Task<double> TimeAssetsAsync(
        HttpClient http, Func<int, string> idOf, int round, CancellationToken cancellationToken)
    {
        var times = new Series();
        for (var place = 0; place < Requests; place++)
        {
            var began = TimeProvider.System.GetTimestamp();
            using var response = await http.GetAsync(new Uri($"/assets/{idOf(Number(round, place))}", UriKind.Relative), cancellationToken);
            await response.Content.ReadAsByteArrayAsync(cancellationToken);
            response.EnsureSuccessStatusCode();
            times.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
        }

        return times.Median;
    }

    private async Task MeasureMemoryAsync(ServerProcess api, HttpClient http, CancellationToken cancellationToken)
    {
        const int Batches = 100;
        var early = 0.0;
        for (var batch = 0; batch < Batches; batch++)
        {
            await TimeBatchAsync(http, batch, cancellationToken);
            early = batch == Batches / 5 ? api.MegaBytes : early;
        }

        Memory = (early, api.MegaBytes);
    }

    private static async Task FillAsync(BenchDatabase database, CancellationToken cancellationToken)
    {
        await using (var context = database.CreateContext())
        {
            context.Add(new ReferenceFile
            {
                Kind = ReferenceFileKind.Crosswalk,
                FileName = CrosswalkFile,
                Vocabulary = "isin",
                RowCount = Assets,
                LoadedAt = Moment,
            });
            await context.SaveChangesAsync(cancellationToken);
        }

        for (var from = 0; from < Assets; from += SavedAtOnce)
        {
            await using var context = database.CreateContext();
            context.ChangeTracker.AutoDetectChangesEnabled = false;
            foreach (var number in Enumerable.Range(from, SavedAtOnce))
            {
                var id = AssetId(number);
                context.AddRange(
                    new Asset
                    {
                        AssetId = id,
                        Symbol = $"C{number}",
                        SymbolKey = $"C{number}",
                        Name = $"Coin {number}",
                        Source = SourceNames.CoinGecko,
                        IsActive = true,
                        PriceUsd = number + 1,
                        MarketCapUsd = number + 1,
                        UpdatedAt = Moment,
                    },
                    new Listing
                    {
                        ListingId = id,
                        AssetId = id,
                        Source = SourceNames.CoinGecko,
                        ExternalId = ExternalId(number),
                        Symbol = $"C{number}",
                        SymbolKey = $"C{number}",
                        Name = $"Coin {number}",
                        IsActive = true,
                        CreatedAt = Moment,
                        UpdatedAt = Moment,
                    },
                    new AssetPlatform { ListingId = id, Platform = "ethereum", Address = Address(number), Source = SourceNames.CoinGecko },
                    new ExternalId
                    {
                        Vocabulary = "isin",
                        Value = Isin(number),
                        ListingId = id,
                        FileName = CrosswalkFile,
                        Line = number + 2,
                    });
            }

            await context.SaveChangesAsync(cancellationToken);
        }
    }
}
