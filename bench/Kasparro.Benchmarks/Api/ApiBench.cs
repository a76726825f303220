using System.Globalization;
using Kasparro.Benchmarks.Ingestion;
using Kasparro.Benchmarks.Reporting;
using StackExchange.Redis;

namespace Kasparro.Benchmarks.Api;

/// <summary>
/// Measures the API and the bare server under the same load in turns, then the routes of a large catalogue, replicas and memory.
/// </summary>
internal sealed class ApiBench(BenchArguments arguments)
{
    private const string HotUrl = "/data";
    private const int DeepPage = 10_000;

    // Not counted: until the API's code, which is larger than the bare server's, is compiled in its final tier.
    private const int WarmUpRounds = 2;

    public LoadFigures Hot { get; } = new();

    /// <summary>The same bytes from a bare server, including header fields.</summary>
    public LoadFigures BareHot { get; } = new();

    /// <summary>The same body from a bare server, without the header fields.</summary>
    public LoadFigures BareBody { get; } = new();

    public LoadFigures Cold { get; } = new();

    public LoadFigures BareCold { get; } = new();

    /// <summary>The milliseconds of each route, in order; a route that does not exist has no values.</summary>
    public Dictionary<string, Series> Routes { get; } = new(StringComparer.Ordinal)
    {
        [Route.FirstPage] = new(),
        [Route.DeepCursor] = new(),
        [Route.DeepPage] = new(),
        [Route.Lookup] = new(),
        [Route.Search] = new(),
    };

    /// <summary>The number of renders of each key that 32 clients of two replicas asked for at once.</summary>
    public Series Renders { get; } = new();

    /// <summary>The resident MB after a fifth of the distinct queries, and after all.</summary>
    public (double Early, double Late)? Memory { get; private set; }

    public long DistinctQueries { get; private set; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var database = await LargeCatalogue.CreateAsync(
            arguments, "kasparro_bench_large", copies: (arguments.Catalogue / arguments.Records) - 1, forgetsOriginals: false,
            cancellationToken);
        await PrepareAsync(database, cancellationToken);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(arguments.Redis);
        var settings = database.ApiSettings(arguments.Redis);
        await using var api = await ServerProcess.StartAsync("Kasparro.Api.dll", [], settings, HotUrl, cancellationToken);
        await using var uncached = await ServerProcess.StartAsync("Kasparro.Api.dll", [], Uncached(settings), HotUrl, cancellationToken);
        await using var bare = await ServerProcess.StartAsync(
            "Kasparro.Benchmarks.dll", ["bare", $"--postgres={database.ConnectionString}", $"--sample={api.Url}{HotUrl}"],
            new Dictionary<string, string?>(StringComparer.Ordinal), "/fixed", cancellationToken);

        await LoadAsync(api, uncached, bare, cancellationToken);
        await TimeRoutesAsync(uncached, redis, cancellationToken);
        await new ReplicaBench(settings).RunAsync(arguments.Rounds, Renders, cancellationToken);
        await FillAsync(api, cancellationToken);
    }

    private static async Task PrepareAsync(BenchDatabase database, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync(
            """
            UPDATE catalogue_counts SET count = CASE scope
                WHEN 'assets' THEN (SELECT count(*) FROM assets WHERE is_active)
                ELSE (SELECT count(*) FROM listings WHERE source = scope) END;
            DO $$ BEGIN
                IF to_regprocedure('refresh_asset_search()') IS NOT NULL THEN PERFORM refresh_asset_search(); END IF;
            END $$
            """,
            cancellationToken);
        await database.SettleAsync(cancellationToken);
    }

    /// <summary>Sets the smallest cache that is allowed, and none in Redis.</summary>
    private static Dictionary<string, string?> Uncached(Dictionary<string, string?> settings) => new(settings, StringComparer.Ordinal)
    {
        ["Api:PageBytes"] = "1048576",
        ["Api:CachedPageBytes"] = "0",
    };

    private async Task LoadAsync(ServerProcess api, ServerProcess uncached, ServerProcess bare, CancellationToken cancellationToken)
    {
        using var apiPages = LuaScript.OfShallowPages("/data");
        using var barePages = LuaScript.OfShallowPages("/cold");

        LoadTarget[][] compared =
        [
            [new(bare, "/body", Script: null, Threads: 2, BareBody), new(bare, "/fixed", Script: null, Threads: 2, BareHot),
                new(api, HotUrl, Script: null, Threads: 2, Hot)],
            [new(bare, "", barePages, Threads: 1, BareCold), new(uncached, "", apiPages, Threads: 1, Cold)],
        ];
        for (var round = 1 - WarmUpRounds; round <= arguments.Rounds; round++)
        {
            // In turns, so that the after-effects of a comparison meet a different one each time.
            foreach (var targets in round % 2 == 0 ? compared : compared.Reverse())
            {
                await LoadTarget.RunRoundAsync(targets, arguments, isCounted: round > 0, cancellationToken);
            }

            Console.WriteLine(round < 1 ? "warming up" : string.Create(
                CultureInfo.InvariantCulture,
                $"round {round} of {arguments.Rounds}, requests/s: hot {Hot.Rate.Values[^1]:0}, bare {BareHot.Rate.Values[^1]:0}; cold "
                    + $"{Cold.Rate.Values[^1]:0}, bare {BareCold.Rate.Values[^1]:0}"));
        }
    }

    private async Task TimeRoutesAsync(ServerProcess uncached, IConnectionMultiplexer redis, CancellationToken cancellationToken)
    {
        using var clock = new RouteClock(uncached, redis);
        var cursors = await clock.FindNextAsync(DeepPage - 1, cancellationToken);
        var mayGoDeep = await clock.IsThereAsync($"/data?page={DeepPage}", cancellationToken);
        for (var round = 0; round <= arguments.Rounds; round++)
        {
            await MeasureAsync(Route.FirstPage, (_, size) => $"/data?page=1&page_size={size}");
            if (cursors is not null)
            {
                await MeasureAsync(Route.DeepCursor, (n, _) => cursors[n]);
            }

            if (mayGoDeep)
            {
                await MeasureAsync(Route.DeepPage, (_, size) => $"/data?page={DeepPage}&page_size={size}");
            }

            await MeasureAsync(Route.Lookup, (n, size) => $"/data?symbol=S{((n * 997) + 1) * 3:X}&page_size={size}");
            await MeasureAsync(Route.Search, (n, size) => $"/data?q={((n * 997) + 1) * 3}%20of%20the&page_size={size}");

            async Task MeasureAsync(string route, Func<int, int, string> url)
            {
                var median = await clock.MeasureAsync(url, cancellationToken);
                if (round > 0)
                {
                    Routes[route].Add(median);
                }
            }
        }
    }

    private async Task FillAsync(ServerProcess api, CancellationToken cancellationToken)
    {
        double? early = null;
        while (DistinctQueries < arguments.DistinctQueries)
        {
            using var symbols = LuaScript.OfDistinctSymbols(DistinctQueries);
            var load = await Wrk.RunAsync(api.Url, TimeSpan.FromSeconds(5), threads: 1, symbols.Path, cancellationToken);
            DistinctQueries += load.Requests;
            if (DistinctQueries >= arguments.DistinctQueries / 5)
            {
                early ??= api.MegaBytes;
            }
        }

        Memory = early is { } megaBytes ? (megaBytes, api.MegaBytes) : null;
    }
}

/// <summary>The routes that are measured on the large catalogue.</summary>
internal static class Route
{
    public const string FirstPage = "page 1";
    public const string DeepCursor = "cursor, page 10,000";
    public const string DeepPage = "?page=10000";
    public const string Lookup = "symbol (indexed lookup)";
    public const string Search = "search (q)";
}
