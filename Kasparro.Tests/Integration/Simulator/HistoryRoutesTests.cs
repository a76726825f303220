using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace Kasparro.Tests.Integration.Simulator;

/// <summary>The vendors' routes for past prices, with the limits of their plans.</summary>
public sealed class HistoryRoutesTests
{
    private const string Gecko = "/coingecko/api/v3/coins";
    private const string Paprika = "/coinpaprika/v1/tickers";

    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("market_chart?vs_currency=usd&days=1", 289, 300)]
    [InlineData("market_chart?vs_currency=usd&days=2", 49, 3_600)]
    [InlineData("market_chart?vs_currency=usd&days=90", 2_161, 3_600)]
    [InlineData("market_chart?vs_currency=usd&days=91", 91, 86_400)]
    [InlineData("market_chart?vs_currency=usd&days=365", 365, 86_400)]
    [InlineData("market_chart?vs_currency=USD&days=2&interval=daily", 2, 86_400)]
    [InlineData("market_chart?vs_currency=usd&days=100&interval=hourly", 2_401, 3_600)]
    [InlineData("market_chart/range?vs_currency=usd&from=-200&to=-199", 25, 3_600)]
    [InlineData("market_chart/range?vs_currency=usd&from=-200&to=-100", 100, 86_400)]
    public async Task CoinGecko_chooses_the_step_by_the_length_of_the_window(string route, int points, int step)
    {
        await using var host = await SimulatorHost.StartAsync("--assets", "10", "--at", "2026-11-20T12:00:00Z");

        var chart = await host.GetAsync($"{Gecko}/bitcoin/{Dated(route)}");

        var times = Times(chart, "prices");
        Assert.Equal((points, step), (times.Count, (int)((times[1] - times[0]) / 1_000)));
        Assert.Equal(times, Times(chart, "market_caps"));
        Assert.Equal(times, Times(chart, "total_volumes"));
    }

    [Theory]
    [InlineData("nothing/market_chart?vs_currency=usd&days=1", HttpStatusCode.NotFound, "coin not found")]
    [InlineData("bitcoin/market_chart?days=1", HttpStatusCode.UnprocessableEntity, "Missing parameter vs_currency")]
    [InlineData("bitcoin/market_chart?vs_currency=usd", HttpStatusCode.UnprocessableEntity, "Missing parameter days")]
    [InlineData("bitcoin/market_chart?vs_currency=usd&days=-1", HttpStatusCode.UnprocessableEntity, "invalid days")]
    [InlineData("bitcoin/market_chart?vs_currency=usd&days=101&interval=hourly", HttpStatusCode.UnprocessableEntity, "invalid interval")]
    [InlineData("bitcoin/market_chart?vs_currency=usd&days=max", HttpStatusCode.Unauthorized, "10012")]
    [InlineData("bitcoin/market_chart/range?vs_currency=usd&from=-366&to=-300", HttpStatusCode.Unauthorized, "past 365 days")]
    [InlineData("bitcoin/market_chart/range?vs_currency=usd&to=-300", HttpStatusCode.UnprocessableEntity, "Missing parameter from")]
    public async Task CoinGecko_refuses_what_it_does_not_have_and_what_the_plan_does_not_reach(
        string route, HttpStatusCode status, string told)
    {
        await using var host = await SimulatorHost.StartAsync("--assets", "10", "--at", "2026-11-20T12:00:00Z");

        using var response = await host.SendAsync($"{Gecko}/{Dated(route)}");

        Assert.Equal(status, response.StatusCode);
        Assert.Contains(told, await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("btc-bitcoin", "start=2026-11-10&interval=1d", "free", HttpStatusCode.OK, "11")]
    [InlineData("btc-bitcoin", "start=2026-11-10&interval=1d&limit=3", "free", HttpStatusCode.OK, "3")]
    [InlineData("btc-bitcoin", "start=2026-11-19T12:00:00Z&interval=1h", "free", HttpStatusCode.OK, "25")]
    [InlineData("btc-bitcoin", "start=2026-11-18&interval=1h", "free", HttpStatusCode.PaymentRequired, "is not allowed in this plan")]
    [InlineData("btc-bitcoin", "start=2026-11-19T12:00:00Z", "free", HttpStatusCode.PaymentRequired, "interval 5m is not allowed")]
    [InlineData("btc-bitcoin", "start=2025-11-10&interval=1d", "free", HttpStatusCode.PaymentRequired, "is not allowed in this plan")]
    [InlineData("btc-bitcoin", "start=2024-11-10&end=2024-11-20&interval=1d", "paid", HttpStatusCode.OK, "11")]
    [InlineData("btc-bitcoin", "start=2026-11-20T11:00:00Z", "paid", HttpStatusCode.OK, "13")]
    [InlineData("btc-bitcoin", "interval=1d", "free", HttpStatusCode.BadRequest, "Invalid parameters")]
    [InlineData("btc-bitcoin", "start=2026-11-10&interval=2d", "free", HttpStatusCode.BadRequest, "Invalid parameters")]
    [InlineData("btc-bitcoin", "start=2026-11-10&interval=1d&limit=5001", "free", HttpStatusCode.BadRequest, "Invalid parameters")]
    [InlineData("nothing", "start=2026-11-10&interval=1d", "free", HttpStatusCode.NotFound, "id not found")]
    public async Task CoinPaprika_tells_the_past_as_far_as_the_plan_reaches(
        string id, string query, string plan, HttpStatusCode status, string expected)
    {
        await using var host = await SimulatorHost.StartAsync("--assets", "10", "--at", "2026-11-20T12:00:00Z", "--plan", plan);

        using var response = await host.SendAsync($"{Paprika}/{id}/historical?{query}");

        var body = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.Equal(status, response.StatusCode);
        using var json = JsonDocument.Parse(body);
        Assert.Contains(
            expected,
            status == HttpStatusCode.OK ? json.RootElement.GetArrayLength().ToString(CultureInfo.InvariantCulture) : body,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_past_is_what_the_market_was()
    {
        var time = new FakeTimeProvider(Now.AddHours(-1));
        await using var host = await SimulatorHost.StartAsync(time, "--assets", "10");
        var before = (await host.GetAsync(Paprika)).EnumerateArray()
            .First(ticker => ticker.GetProperty("id").GetString() == "btc-bitcoin").GetProperty("quotes").GetProperty("USD");
        time.Advance(TimeSpan.FromHours(1));

        var past = (await host.GetAsync($"{Paprika}/btc-bitcoin/historical?start=2026-11-20T11:00:00Z&interval=1h"))[0];

        Assert.All(
            ["price", "volume_24h", "market_cap"],
            (string name) => Assert.Equal(before.GetProperty(name).GetDouble(), past.GetProperty(name).GetDouble()));
    }

    /// <summary>Replaces days relative to now with Unix times in seconds.</summary>
    private static string Dated(string route) => string.Join('&', route.Split('&').Select(part =>
        part.Split('=') is [var name and ("from" or "to"), var days]
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{name}={Now.AddDays(double.Parse(days, CultureInfo.InvariantCulture)).ToUnixTimeSeconds()}")
            : part));

    private static List<long> Times(JsonElement chart, string name) =>
        [.. chart.GetProperty(name).EnumerateArray().Select(pair => pair[0].GetInt64())];
}
