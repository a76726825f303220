using System.Net;
using System.Text.Json;
using Kasparro.Simulator;

namespace Kasparro.Tests.Integration.Simulator;

public sealed class RecordedUpstreamsTests : IDisposable
{
    private const string Coins = """[ {"id":"aaa-first","rank":1}, {"id":"bbb-second","rank":2} ]""";
    private const string Markets = """
        [{"id":"none","market_cap":null,"x":1.50}, {"id":"small","market_cap":5.0},
         {"id":"large","market_cap":1e3,"s":"é{[\"" }, {"id":"absent"}, {"id":"zero","market_cap":0.0}]
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("kasparro-recorded-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Files_are_served_byte_for_byte()
    {
        Record("coinpaprika/coins.json", Coins);
        Record("coinpaprika/tickers.json", "[1.0, 1]");
        Record("coinpaprika/contracts-eth-ethereum.json", "[ ]");
        Record("coingecko/coins-list.json", """[{"id":"a","symbol":"b","name":"c","platforms":{"ethereum":""}}]""");
        Record("coingecko/markets.json", Markets);
        await using var host = await SimulatorHost.StartAsync("--recorded", _folder);

        Assert.Equal(Coins, await host.GetTextAsync("/coinpaprika/v1/coins"));
        Assert.Equal("[1.0, 1]", await host.GetTextAsync("/coinpaprika/v1/tickers?quotes=USD"));
        Assert.Equal("""["eth-ethereum"]""", await host.GetTextAsync("/coinpaprika/v1/contracts"));
        Assert.Equal("[ ]", await host.GetTextAsync("/coinpaprika/v1/contracts/eth-ethereum"));
        Assert.Equal("""[{"id":"a","symbol":"b","name":"c","platforms":{"ethereum":""}}]""",
            await host.GetTextAsync("/coingecko/api/v3/coins/list?include_platform=true"));
        Assert.Equal("""[{"id":"a","symbol":"b","name":"c"}]""", await host.GetTextAsync("/coingecko/api/v3/coins/list"));
        Assert.Equal("healthy", (await host.GetAsync("/health")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Markets_are_cut_into_pages_by_market_cap_with_their_original_bytes()
    {
        Record("coingecko/markets.json", Markets);
        await using var host = await SimulatorHost.StartAsync("--recorded", _folder);

        Assert.Equal("""[{"id":"large","market_cap":1e3,"s":"é{[\"" },{"id":"small","market_cap":5.0}]""", await PageAsync(host, 1));
        Assert.Equal("""[{"id":"zero","market_cap":0.0},{"id":"none","market_cap":null,"x":1.50}]""", await PageAsync(host, 2));
        Assert.Equal("""[{"id":"absent"}]""", await PageAsync(host, 3));
        Assert.Equal("[]", await PageAsync(host, 4));
    }

    [Fact]
    public async Task A_missing_file_is_a_404_in_the_shape_of_its_upstream_and_degrades_health()
    {
        Record("coinpaprika/coins.json", Coins);
        await using var host = await SimulatorHost.StartAsync("--recorded", _folder);

        string[] routes =
        [
            "/coinpaprika/v1/tickers", "/coinpaprika/v1/contracts", "/coinpaprika/v1/contracts/..%2Fcoins",
            "/coingecko/api/v3/coins/markets?vs_currency=usd", "/coingecko/api/v3/coins/list",
        ];
        foreach (var route in routes)
        {
            using var response = await host.SendAsync(route);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
            Assert.True(body.RootElement.TryGetProperty("error", out _));
        }

        var health = await host.GetAsync("/health");
        Assert.Equal("degraded", health.GetProperty("status").GetString());
        Assert.Equal(
            ["coinpaprika/tickers.json", "coingecko/coins-list.json", "coingecko/markets.json"],
            health.GetProperty("missing").EnumerateArray().Select(m => m.GetString()),
            StringComparer.Ordinal);
    }

    [Fact]
    public async Task Truth_is_unknown_when_answers_are_recorded()
    {
        await using var host = await SimulatorHost.StartAsync("--recorded", _folder);

        using var response = await host.SendAsync("/truth");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public void Create_refuses_market_rows_that_are_no_array()
    {
        Record("coingecko/markets.json", """{"error":"rate limited"}""");

        var refusal = Assert.Throws<SimulatorOptionsException>(() => SimulatorApplication.Create(["--recorded", _folder]));

        Assert.Contains("markets.json", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_recorded_asset_is_served_when_the_corpus_is_there()
    {
        var corpus = FindCorpus();
        if (corpus is null)
        {
            Assert.Skip("shared/corpus is not next to this repository: real recordings are never copied into it.");
        }

        await using var host = await SimulatorHost.StartAsync("--recorded", corpus);
        var markets = await host.GetMarketsAsync();

        Assert.Equal(43_235, (await host.GetAsync("/coinpaprika/v1/coins")).GetArrayLength());
        Assert.Equal(3_795, (await host.GetAsync("/coinpaprika/v1/tickers?quotes=USD")).GetArrayLength());
        Assert.Equal(3_627, (await host.GetAsync("/coinpaprika/v1/contracts/eth-ethereum")).GetArrayLength());
        Assert.Equal(13_253, (await host.GetAsync("/coingecko/api/v3/coins/list?include_platform=true")).GetArrayLength());
        Assert.Equal(984, markets.Select(m => m.GetProperty("id").GetString()).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal("healthy", (await host.GetAsync("/health")).GetProperty("status").GetString());
    }

    private static Task<string> PageAsync(SimulatorHost host, int page) =>
        host.GetTextAsync($"/coingecko/api/v3/coins/markets?vs_currency=usd&per_page=2&page={page}");

    private static string? FindCorpus()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var corpus = Path.Combine(folder.FullName, "shared", "corpus");
            if (Directory.Exists(corpus))
            {
                return corpus;
            }
        }

        return null;
    }

    private void Record(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}
