using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Kasparro.Benchmarks.Api;
using Kasparro.Benchmarks.Ingestion;

namespace Kasparro.Benchmarks.Vendors;

/// <summary>Measures the hot routes of CoinGecko's API under the same load as a bare server that writes the same bytes.</summary>
internal sealed class VendorBench(BenchArguments arguments)
{
    private const int Coins = 50;
    private const string MarketsUrl = "/api/v3/coins/markets?vs_currency=usd&per_page=100&page=1";
    private const int WarmUpRounds = 2;

    /// <summary>The figures of the API and the bare server, by route.</summary>
    public Dictionary<string, (LoadFigures Api, LoadFigures Bare)> Routes { get; } = new(StringComparer.Ordinal)
    {
        ["simple/price of 50 ids"] = (new(), new()),
        ["coins/markets"] = (new(), new()),
    };

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var database = await LargeCatalogue.CreateAsync(
            arguments, "kasparro_bench_vendors", copies: (arguments.Catalogue / arguments.Records) - 1, forgetsOriginals: false,
            cancellationToken);
        await database.SettleAsync(cancellationToken);
        await using var api = await ServerProcess.StartAsync(
            "Kasparro.Api.dll", [], database.ApiSettings(arguments.Redis), MarketsUrl, cancellationToken);
        var urls = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["simple/price of 50 ids"] = $"/api/v3/simple/price?vs_currencies=usd&ids={await FindIdsAsync(api, cancellationToken)}",
            ["coins/markets"] = MarketsUrl,
        };
        foreach (var (route, url) in urls)
        {
            await using var bare = await ServerProcess.StartAsync(
                "Kasparro.Benchmarks.dll", ["bare", $"--postgres={database.ConnectionString}", $"--sample={api.Url}{url}"],
                new Dictionary<string, string?>(StringComparer.Ordinal), "/fixed", cancellationToken);
            await LoadAsync(route, new(api, url, Script: null, Threads: 2, Routes[route].Api),
                new(bare, $"/fixed{url[url.IndexOf('?', StringComparison.Ordinal)..]}", Script: null, Threads: 2, Routes[route].Bare),
                cancellationToken);
        }
    }

    private async Task LoadAsync(string route, LoadTarget api, LoadTarget bare, CancellationToken cancellationToken)
    {
        for (var round = 1 - WarmUpRounds; round <= arguments.Rounds; round++)
        {
            await LoadTarget.RunRoundAsync([bare, api], arguments, isCounted: round > 0, cancellationToken);
            Console.WriteLine(round < 1 ? "warming up" : string.Create(
                CultureInfo.InvariantCulture,
                $"round {round} of {arguments.Rounds}, requests/s of {route}: {api.Figures.Rate.Values[^1]:0}, bare "
                    + $"{bare.Figures.Rate.Values[^1]:0}"));
        }
    }

    private static async Task<string> FindIdsAsync(ServerProcess api, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        var coins = await http.GetFromJsonAsync<JsonElement>(new Uri($"{api.Url}{MarketsUrl}"), cancellationToken);
        return string.Join(',', coins.EnumerateArray().Take(Coins)
            .Select(coin => Uri.EscapeDataString(coin.GetProperty("id").GetString()!)));
    }
}
