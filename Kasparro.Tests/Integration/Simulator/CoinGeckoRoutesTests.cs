using System.Net;
using System.Text.Json;

namespace Kasparro.Tests.Integration.Simulator;

public sealed class CoinGeckoRoutesTests
{
    private const string Root = "/coingecko/api/v3";

    [Fact]
    public async Task Ping_answers()
    {
        await using var host = await SimulatorHost.StartAsync("--assets", "10");

        Assert.Equal("(V3) To the Moon!", (await host.GetAsync($"{Root}/ping")).GetProperty("gecko_says").GetString());
    }

    [Fact]
    public async Task Markets_pages_hold_every_coin_once_by_market_cap_and_end_with_an_empty_array()
    {
        await using var host = await SimulatorHost.StartAsync("--freeze");

        var coins = await host.GetMarketsAsync();
        var caps = coins.Select(c => c.GetProperty("market_cap")).Select(c => c.ValueKind == JsonValueKind.Number ? c.GetDouble() : 0)
            .ToArray();

        Assert.Equal(800, coins.Count);
        Assert.Equal(800, coins.Select(c => c.GetProperty("id").GetString()).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal("bitcoin", coins[0].GetProperty("id").GetString());
        Assert.Equal(1, coins[0].GetProperty("market_cap_rank").GetInt32());
        Assert.Equal(caps.OrderDescending(), caps);
        Assert.Equal("[]", await host.GetTextAsync($"{Root}/coins/markets?vs_currency=usd&per_page=250&page=5"));
        Assert.Equal("[]", await host.GetTextAsync($"{Root}/coins/markets?vs_currency=usd&per_page=250&page=2147483647"));
    }

    [Fact]
    public async Task Markets_rows_have_the_fields_of_the_upstream_in_its_order()
    {
        await using var host = await SimulatorHost.StartAsync();
        string[] fields =
        [
            "id", "symbol", "name", "image", "current_price", "market_cap", "market_cap_rank", "fully_diluted_valuation", "total_volume",
            "high_24h",
            "low_24h", "price_change_24h", "price_change_percentage_24h", "market_cap_change_24h", "market_cap_change_percentage_24h",
            "circulating_supply", "total_supply", "max_supply", "ath", "ath_change_percentage", "ath_date", "atl", "atl_change_percentage",
            "atl_date",
            "roi", "last_updated",
        ];

        var coins = await host.GetMarketsAsync();

        Assert.All(coins, c => Assert.Equal(fields, c.EnumerateObject().Select(p => p.Name), StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("", 100)]
    [InlineData("&per_page=7", 7)]
    [InlineData("&per_page=251", 250)]
    [InlineData("&per_page=0", 100)]
    [InlineData("&per_page=many&page=-1", 100)]
    public async Task Markets_brings_paging_into_range_when_it_is_out_of_it(string query, int expected)
    {
        await using var host = await SimulatorHost.StartAsync();

        Assert.Equal(expected, (await host.GetAsync($"{Root}/coins/markets?vs_currency=usd{query}")).GetArrayLength());
    }

    [Fact]
    public async Task List_has_platforms_only_when_asked_for()
    {
        await using var host = await SimulatorHost.StartAsync();

        var bare = (await host.GetAsync($"{Root}/coins/list")).EnumerateArray().ToArray();
        var full = (await host.GetAsync($"{Root}/coins/list?include_platform=true")).EnumerateArray().ToArray();

        Assert.Equal(800, bare.Length);
        Assert.All(bare, c => Assert.False(c.TryGetProperty("platforms", out _)));
        Assert.Equal(
            bare.Select(c => c.GetProperty("id").GetString()), full.Select(c => c.GetProperty("id").GetString()), StringComparer.Ordinal);
        Assert.Contains(full, c => c.GetProperty("platforms").TryGetProperty("ethereum", out var address) && address.GetString() == "");
    }

    [Fact]
    public async Task Platforms_are_those_of_the_map_with_their_chain_ids()
    {
        await using var host = await SimulatorHost.StartAsync("--assets", "10");

        var platforms = (await host.GetAsync($"{Root}/asset_platforms")).EnumerateArray()
            .ToDictionary(platform => platform.GetProperty("id").GetString()!, StringComparer.Ordinal);

        Assert.Equal(56, platforms["binance-smart-chain"].GetProperty("chain_identifier").GetInt64());
        Assert.Equal("solana", platforms["solana"].GetProperty("native_coin_id").GetString());
        Assert.Equal(JsonValueKind.Null, platforms["solana"].GetProperty("chain_identifier").ValueKind);
    }

    /// <summary>The worker rejects addresses that are impossible on their platform; the simulator generates none of these.</summary>
    [Fact]
    public async Task Addresses_are_such_that_their_platforms_can_have()
    {
        await using var host = await SimulatorHost.StartAsync();

        var contracts = (await host.GetAsync($"{Root}/coins/list?include_platform=true")).EnumerateArray()
            .SelectMany(coin => coin.GetProperty("platforms").EnumerateObject())
            .Where(platform => !string.IsNullOrWhiteSpace(platform.Value.GetString())).ToList();

        Assert.True(contracts.Count > 400);
        Assert.All(contracts, contract => Assert.Null(AddressRule.FindError(PlatformMap.Find(contract.Name)!.Address,
            contract.Value.GetString()!)));
    }

    [Theory]
    [InlineData("/coins/markets", HttpStatusCode.UnprocessableEntity, "Missing parameter vs_currency")]
    [InlineData("/coins/markets?vs_currency=xyz", HttpStatusCode.UnprocessableEntity, "invalid vs_currency")]
    [InlineData("/coins/nothing", HttpStatusCode.NotFound, "Incorrect path. Please check https://www.coingecko.com/api/")]
    public async Task Errors_have_the_shape_of_the_upstream(string route, HttpStatusCode status, string message)
    {
        await using var host = await SimulatorHost.StartAsync("--assets", "10");

        using var response = await host.SendAsync(Root + route);

        Assert.Equal(status, response.StatusCode);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(message, body.RootElement.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Markets_has_every_hole_and_monster_of_the_real_numbers()
    {
        await using var host = await SimulatorHost.StartAsync("--assets", "20000");

        var coins = await host.GetMarketsAsync();
        var texts = coins.Select(c => c.GetRawText()).ToArray();
        var ranks = coins.Where(c => c.GetProperty("market_cap_rank").ValueKind == JsonValueKind.Number)
            .Select(c => c.GetProperty("market_cap_rank").GetInt32()).ToArray();

        Assert.Contains(coins,
            c => c.GetProperty("current_price").ValueKind == JsonValueKind.Null
                && c.GetProperty("last_updated").ValueKind == JsonValueKind.Null);
        Assert.Contains(texts, t => t.Contains("\"market_cap\":0.0,\"market_cap_rank\":null", StringComparison.Ordinal));
        Assert.Contains(
            coins, c => c.GetProperty("fully_diluted_valuation") is { ValueKind: JsonValueKind.Number } v && v.GetDouble() > 1e29);
        Assert.NotEqual(ranks.Length, ranks.Distinct().Count());
        Assert.Contains(texts, t => t.Contains("e-05,", StringComparison.Ordinal));
        Assert.Contains(coins, c => c.GetProperty("roi").ValueKind == JsonValueKind.Object);
    }
}
