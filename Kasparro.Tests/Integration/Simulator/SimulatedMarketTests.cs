using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace Kasparro.Tests.Integration.Simulator;

public sealed class SimulatedMarketTests
{
    private const string Tickers = "/coinpaprika/v1/tickers";
    private const string Markets = "/coingecko/api/v3/coins/markets?vs_currency=usd&per_page=250";

    private static readonly DateTimeOffset Noon = new(2026, 10, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(Tickers)]
    [InlineData(Markets)]
    [InlineData("/coinpaprika/v1/coins")]
    public async Task Answers_are_the_same_bytes_when_seed_and_interval_are_the_same(string route)
    {
        await using var first = await SimulatorHost.StartAsync(new FakeTimeProvider(Noon), "--seed", "4");
        await using var second = await SimulatorHost.StartAsync(new FakeTimeProvider(Noon.AddSeconds(59)), "--seed", "4");

        Assert.Equal(await first.GetTextAsync(route), await second.GetTextAsync(route));
    }

    [Theory]
    [InlineData(Tickers)]
    [InlineData(Markets)]
    public async Task Answers_differ_when_the_next_interval_begins(string route)
    {
        var time = new FakeTimeProvider(Noon);
        await using var host = await SimulatorHost.StartAsync(time, "--price-interval", "30");
        var before = await host.GetTextAsync(route);

        time.Advance(TimeSpan.FromSeconds(29));
        var within = await host.GetTextAsync(route);
        time.Advance(TimeSpan.FromSeconds(1));
        var after = await host.GetTextAsync(route);

        Assert.Equal(before, within);
        Assert.NotEqual(before, after, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("--freeze")]
    [InlineData("--at=2026-10-01T12:00:00Z")]
    public async Task Answers_stay_the_same_when_time_is_fixed(string option)
    {
        var time = new FakeTimeProvider(Noon);
        await using var host = await SimulatorHost.StartAsync(time, option);
        var before = await host.GetTextAsync(Markets);

        time.Advance(TimeSpan.FromDays(3));

        Assert.Equal(before, await host.GetTextAsync(Markets));
    }

    [Fact]
    public async Task Most_prices_move_from_one_interval_to_the_next_and_some_do_not()
    {
        var time = new FakeTimeProvider(Noon.AddMinutes(1));
        await using var host = await SimulatorHost.StartAsync(time);
        var before = await PricesAsync(host);

        time.Advance(TimeSpan.FromMinutes(1));
        var after = await PricesAsync(host);

        var moved = before.Count(p => !string.Equals(after[p.Key], p.Value, StringComparison.Ordinal));
        Assert.InRange((double)moved / before.Count, 0.5, 0.85);
    }

    [Fact]
    public async Task The_same_number_changes_its_text_from_one_interval_to_the_next()
    {
        var time = new FakeTimeProvider(Noon.AddMinutes(1));
        await using var host = await SimulatorHost.StartAsync(time);
        var before = (await host.GetMarketsAsync()).ToDictionary(
            c => c.GetProperty("id").GetString()!, c => c.GetProperty("total_supply"), StringComparer.Ordinal);

        time.Advance(TimeSpan.FromMinutes(1));
        var after = (await host.GetMarketsAsync()).ToDictionary(
            c => c.GetProperty("id").GetString()!, c => c.GetProperty("total_supply"), StringComparer.Ordinal);

        Assert.Contains(before, b => b.Value.ValueKind == JsonValueKind.Number
            && b.Value.GetDouble().Equals(after[b.Key].GetDouble())
            && string.Equals($"{b.Value.GetRawText()}.0", after[b.Key].GetRawText(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Both_upstreams_quote_an_asset_at_nearly_the_same_price()
    {
        await using var host = await SimulatorHost.StartAsync(new FakeTimeProvider(Noon), "--plan", "paid");
        var paprika = (await host.GetAsync(Tickers)).EnumerateArray()
            .ToDictionary(t => t.GetProperty("id").GetString()!,
                t => t.GetProperty("quotes").GetProperty("USD").GetProperty("price").GetDouble(), StringComparer.Ordinal);
        var gecko = (await host.GetMarketsAsync()).Where(c => c.GetProperty("current_price").ValueKind == JsonValueKind.Number)
            .ToDictionary(c => c.GetProperty("id").GetString()!, c => c.GetProperty("current_price").GetDouble(), StringComparer.Ordinal);

        var ratios = (await host.GetAsync("/truth")).EnumerateArray()
            .Select(t => (Paprika: t.GetProperty("coinpaprika_id").GetString()!, Gecko: t.GetProperty("coingecko_id").GetString()!))
            .Where(t => paprika.ContainsKey(t.Paprika) && gecko.ContainsKey(t.Gecko))
            .Select(t => paprika[t.Paprika] / gecko[t.Gecko]).ToArray();

        Assert.True(ratios.Length > 400);
        Assert.All(ratios, r => Assert.InRange(r, 0.97, 1.03));
    }

    [Fact]
    public async Task Coins_move_between_pages_when_they_are_read_across_intervals()
    {
        var time = new FakeTimeProvider(Noon);
        await using var host = await SimulatorHost.StartAsync(time, "--assets", "20000", "--price-interval", "3600");
        var first = await IdsAsync(host, 1);

        time.Advance(TimeSpan.FromHours(30));
        var second = await IdsAsync(host, 2);

        Assert.NotEmpty(first.Intersect(second, StringComparer.Ordinal));
    }

    private static async Task<string[]> IdsAsync(SimulatorHost host, int page) =>
        [.. (await host.GetAsync($"{Markets}&page={page}")).EnumerateArray().Select(c => c.GetProperty("id").GetString()!)];

    private static async Task<Dictionary<string, string>> PricesAsync(SimulatorHost host) => (await host.GetAsync(Tickers)).EnumerateArray()
        .ToDictionary(t => t.GetProperty("id").GetString()!,
            t => t.GetProperty("quotes").GetProperty("USD").GetProperty("price").GetRawText(), StringComparer.Ordinal);
}
