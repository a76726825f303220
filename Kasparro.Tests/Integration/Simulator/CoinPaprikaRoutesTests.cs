using System.Net;
using System.Text.Json;

namespace Kasparro.Tests.Integration.Simulator;

public sealed class CoinPaprikaRoutesTests
{
    private const string Root = "/coinpaprika/v1";

    [Fact]
    public async Task Coins_lists_every_id_with_bitcoin_first_and_inactive_ones_at_rank_zero()
    {
        await using var host = await SimulatorHost.StartAsync("--assets", "3000");

        var coins = (await host.GetAsync($"{Root}/coins")).EnumerateArray().ToArray();

        Assert.Equal(3_000, coins.Length);
        Assert.Equal(3_000, coins.Select(Id).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal("btc-bitcoin", Id(coins[0]));
        Assert.Equal(
            ["id", "is_active", "is_new", "name", "rank", "symbol", "type"],
            coins[0].EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.All(coins, c => Assert.Equal(c.GetProperty("is_active").GetBoolean(), c.GetProperty("rank").GetInt32() > 0));
        Assert.Equal(1_000, coins.Count(c => c.GetProperty("is_active").GetBoolean()));
    }

    [Fact]
    public async Task Tickers_ends_at_2000_ranks_without_circulating_supply_when_the_plan_is_free()
    {
        await using var host = await SimulatorHost.StartAsync("--assets", "10000");

        var tickers = (await host.GetAsync($"{Root}/tickers?quotes=USD")).EnumerateArray().ToArray();

        Assert.Equal(Enumerable.Range(1, 2_000), tickers.Select(t => t.GetProperty("rank").GetInt32()));
        Assert.All(tickers, t => Assert.False(t.TryGetProperty("circulating_supply", out _)));
        Assert.InRange(tickers[0].GetProperty("quotes").GetProperty("USD").GetProperty("price").GetDouble(), 50_000, 70_000);
    }

    [Fact]
    public async Task Tickers_has_every_active_coin_with_circulating_supply_when_the_plan_is_paid()
    {
        await using var host = await SimulatorHost.StartAsync("--assets", "11000", "--plan", "paid");

        var tickers = (await host.GetAsync($"{Root}/tickers")).EnumerateArray().ToArray();

        Assert.Equal(2_600, tickers.Length);
        Assert.All(tickers, t => Assert.Equal(JsonValueKind.Number, t.GetProperty("circulating_supply").ValueKind));
        Assert.Equal(
            [
                "price", "volume_24h", "volume_24h_change_24h", "market_cap", "market_cap_change_24h", "percent_change_15m",
                "percent_change_30m",
                "percent_change_1h", "percent_change_6h", "percent_change_12h", "percent_change_24h", "percent_change_7d",
                "percent_change_30d",
                "percent_change_1y", "ath_price", "ath_date", "percent_from_price_ath",
            ],
            tickers[0].GetProperty("quotes").GetProperty("USD").EnumerateObject().Select(p => p.Name),
            StringComparer.Ordinal);
    }

    [Fact]
    public async Task Tickers_writes_missing_numbers_as_empty_strings_and_as_nulls()
    {
        await using var host = await SimulatorHost.StartAsync();

        var caps = (await host.GetAsync($"{Root}/tickers")).EnumerateArray()
            .Select(t => t.GetProperty("quotes").GetProperty("USD").GetProperty("market_cap")).ToArray();

        Assert.InRange(caps.Count(c => c.ValueKind == JsonValueKind.String && c.GetString() == ""), 5, 100);
        Assert.InRange(caps.Count(c => c.ValueKind == JsonValueKind.Null), 5, 100);
    }

    [Fact]
    public async Task Contracts_names_platforms_by_ids_of_its_own_and_lists_what_is_deployed_there()
    {
        await using var host = await SimulatorHost.StartAsync();
        var ids = (await host.GetAsync($"{Root}/coins")).EnumerateArray().Select(Id).ToHashSet(StringComparer.Ordinal);

        var platforms = (await host.GetAsync($"{Root}/contracts")).EnumerateArray().Select(p => p.GetString()).ToArray();
        var contracts = (await host.GetAsync($"{Root}/contracts/eth-ethereum")).EnumerateArray().ToArray();

        Assert.Contains("eth-ethereum", platforms, StringComparer.Ordinal);
        Assert.DoesNotContain("ethereum", platforms, StringComparer.Ordinal);
        Assert.True(contracts.Length > 100);
        Assert.All(contracts, c => Assert.Contains(Id(c), ids));
        Assert.All(contracts, c => Assert.Matches("^0x[0-9a-f]{40}$", c.GetProperty("address").GetString()));
        Assert.All(contracts, c => Assert.Equal("ERC20", c.GetProperty("type").GetString()));
        Assert.Contains(contracts, c => !c.GetProperty("active").GetBoolean());
    }

    [Fact]
    public async Task Global_counts_the_active_coins()
    {
        await using var host = await SimulatorHost.StartAsync();

        var global = await host.GetAsync($"{Root}/global");

        Assert.Equal(800, global.GetProperty("cryptocurrencies_number").GetInt32());
        Assert.InRange(global.GetProperty("bitcoin_dominance_percentage").GetDouble(), 20, 80);
    }

    [Theory]
    [InlineData("/contracts/ethereum", HttpStatusCode.NotFound, "id not found")]
    [InlineData("/nothing/here", HttpStatusCode.NotFound, "page not found")]
    [InlineData("/tickers?quotes=EUR", HttpStatusCode.BadRequest, "Invalid parameters")]
    public async Task Errors_have_the_shape_of_the_upstream(string route, HttpStatusCode status, string message)
    {
        await using var host = await SimulatorHost.StartAsync("--assets", "10");

        using var response = await host.SendAsync(Root + route);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal($$"""{"error":"{{message}}"}""", await response.Content.ReadAsStringAsync(Cancellation));
    }

    private static string Id(JsonElement element) => element.GetProperty("id").GetString()!;
}
