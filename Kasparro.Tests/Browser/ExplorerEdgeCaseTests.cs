using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Kasparro.Tests.Browser;

/// <summary>The explorer with edge cases, and its behaviour when the browser or the network refuses something.</summary>
[Takes(50)]
public sealed class ExplorerEdgeCaseTests(ExtremeSite site) : IClassFixture<ExtremeSite>
{
    [Theory]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task Tiny_and_huge_numbers_are_shown_in_a_few_characters(int width)
    {
        await using var session = await site.VisitAsync("/?sort=symbol&q=N", width: width);
        var rows = session.Page.Locator("tbody tr");
        foreach (var ((_, price, amount), index) in ExtremeSite.Numbers.Select((number, index) => (number, index)))
        {
            var row = rows.Filter(new() { HasText = $"N{index:00} " });
            await Expect(row).ToHaveCountAsync(1);
            Assert.Equal(
                [price, amount, amount],
                await row.Locator("td.number:not(.wide-only)").AllInnerTextsAsync());
        }

        Assert.Equal(width, await session.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await session.ShootAsync($"numbers-{width}");
        session.AssertNoComplaint();
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task Long_symbol_leaves_room_for_the_price(int width)
    {
        var row = new
        {
            asset_id = CatalogueSeed.Id(1),
            symbol = new string('W', 60),
            name = new string('n', 70),
            rank = 1,
            price_usd = 1.5,
            market_cap = 1e9,
            volume_24h = 1e6,
            source = "coingecko",
            updated_at = "2026-11-20T12:00:00Z",
        };
        var body = JsonSerializer.Serialize(new { data = new[] { row }, total = 1, total_relation = "eq" });
        await using var session = await site.VisitAsync(
            "/",
            width: width,
            prepare: page =>
                page.RouteAsync("**/data?*", route => route.FulfillAsync(new() { ContentType = "application/json", Body = body })));

        var price = session.Page.Locator("tbody td.number:not(.wide-only)").First;
        await Expect(price).ToHaveTextAsync("$1.50");
        await session.ShootAsync($"long-symbol-{width}");
        var box = (await price.BoundingBoxAsync())!;
        Assert.InRange(box.X + box.Width, 1, width);
        session.AssertNoComplaint();
    }

    [Fact]
    public async Task Address_that_the_API_refuses_is_told_what_is_wrong_in_it()
    {
        await using var session = await site.VisitAsync("/?cursor=of-another-database");

        await Expect(session.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("cursor must be one that this service gave");
    }

    [Theory]
    [InlineData("/explore/assets/coingecko:no-such-coin", "The asset does not exist.")]
    [InlineData("/explore/runs/01a22e44-146d-7831-aa3e-6f1e7eb73b79", "The run does not exist.")]
    public async Task What_there_is_not_is_told_in_plain_words(string path, string told)
    {
        await using var session = await site.VisitAsync(path);

        await Expect(session.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync(told);
        await session.ShootAsync("no-such-page");
    }

    [Fact]
    public async Task Ids_can_be_copied_on_a_phone_without_moving_their_table()
    {
        await using var session = await site.VisitAsync(ExtremeSite.AssetPath(1), width: 390);
        var copy = session.Page.Locator("button.copy").First;

        await Expect(copy).ToBeVisibleAsync();
        await session.ShootAsync("ids-390");
        var box = (await copy.BoundingBoxAsync())!;
        Assert.InRange(box.X + box.Width, 1, 390);
        session.AssertNoComplaint();
    }

    [Fact]
    public async Task Listing_is_as_old_as_its_price()
    {
        await using var session = await site.VisitAsync(ExtremeSite.AssetPath(1));

        var listing = session.Page.GetByRole(AriaRole.Region, new() { Name = "Listings" }).Locator("tbody time");
        await Expect(listing).ToHaveAttributeAsync("datetime", "2026-11-17T12:00:00Z");
    }

    [Theory]
    [InlineData("tiny", 1e-30, 4e-30)]
    [InlineData("huge", 1e300, 4e300)]
    [InlineData("far-apart", 1e-30, 1e300)]
    [InlineData("flat", 1e-30, 1e-30)]
    [InlineData("zero", 0, 0)]
    public async Task Chart_of_tiny_and_huge_prices_is_drawn(string name, double from, double to)
    {
        var start = DateTimeOffset.UtcNow.AddHours(-20);
        var points = Enumerable.Range(0, 60).Select(step =>
        {
            var price = from + ((to - from) * (step / 59.0));
            return new { time = start.AddMinutes(5 * step), open = price, high = price, low = price, close = price, quotes = 1 };
        });
        var history = JsonSerializer.Serialize(new { interval = "5m", source = "coinpaprika", points });
        await using var session = await site.VisitAsync(
            ExtremeSite.AssetPath(1),
            prepare: page =>
                page.RouteAsync("**/history?*", route => route.FulfillAsync(new() { ContentType = "application/json", Body = history })));

        await Expect(session.Page.Locator(".uplot canvas")).ToBeVisibleAsync();
        await Expect(session.Page.Locator(".chart .count")).ToContainTextAsync("Prices of CoinPaprika");
        await session.ShootAsync($"chart-{name}");

        var sentence = await session.Page.Locator(".chart .count").InnerTextAsync();
        Assert.InRange(sentence.Length, 1, 250);
        Assert.Equal(1280, await session.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        session.AssertNoComplaint();
    }

    [Fact]
    public async Task Durations_and_ages_are_rounded_before_they_are_divided_into_units()
    {
        await using var session = await site.VisitAsync("/explore/runs");
        var rows = session.Page.Locator("tbody tr");

        await Expect(rows).ToHaveCountAsync(ExtremeSite.Durations.Count);

        Assert.Equal(
            ExtremeSite.Durations.Select(run => run.Shown), await session.Page.Locator("tbody td:nth-child(4)").AllInnerTextsAsync());
        await Expect(rows.First.Locator("time")).ToHaveTextAsync("yesterday");
        await session.ShootAsync("durations");
        session.AssertNoComplaint();
    }

    [Fact]
    public async Task Twins_of_one_source_are_paged_through_without_a_row_lost_or_kept()
    {
        await using var session = await site.VisitAsync("/?source=coingecko&sort=name");
        var page = session.Page;
        var expected = Enumerable.Range(0, 2 * ExtremeSite.Twins).Select(number => ExtremeSite.TwinName(number / 2, number % 2)).ToList();
        var next = page.GetByRole(AriaRole.Button, new() { Name = "Next" });
        await ShowsAsync(expected[..50]);

        await next.ClickAsync();
        await ShowsAsync(expected[50..100]);
        await next.ClickAsync();
        await ShowsAsync(expected[100..]);
        await page.GetByRole(AriaRole.Button, new() { Name = "Previous" }).ClickAsync();
        await ShowsAsync(expected[50..100]);

        await session.ShootAsync("twins");
        session.AssertNoComplaint();

        Task ShowsAsync(IEnumerable<string> names) => Expect(page.Locator("tbody .name")).ToHaveTextAsync(names);
    }

    [Fact]
    public async Task Next_page_is_not_offered_while_the_rows_are_still_those_of_another_order()
    {
        var released = new TaskCompletionSource();
        await using var session = await site.VisitAsync("/?source=coingecko", prepare: page => page.RouteAsync("**/data?*sort=name*",
            async route =>
            {
                await released.Task;
                await route.ContinueAsync();
            }));
        var page = session.Page;
        var next = page.GetByRole(AriaRole.Button, new() { Name = "Next" });
        await Expect(next).ToBeEnabledAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Asset" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "Asset" })).ToHaveAttributeAsync("aria-sort", "ascending");
        await Expect(next).ToBeDisabledAsync();

        released.SetResult();
        await next.ClickAsync();
        await Expect(page.Locator("tbody .name").First).ToHaveTextAsync(ExtremeSite.TwinName(25, 0));
        session.AssertNoComplaint();
    }

    [Fact]
    public async Task Fields_that_change_within_the_pause_of_typing_are_all_applied()
    {
        await using var session = await site.VisitAsync("/");
        var page = session.Page;
        await page.Clock.InstallAsync();
        await page.Clock.PauseAtAsync(DateTimeOffset.UtcNow.AddHours(1).UtcDateTime);

        await page.GetByLabel("Search").FillAsync("N0");
        await page.GetByLabel("Market cap from").FillAsync("1");
        await page.GetByLabel("Market cap to").FillAsync("2000");
        await page.Clock.RunForAsync(1_000);

        await QueryIsAsync(("q", "N0"), ("min_market_cap", "1"), ("max_market_cap", "2000"));

        await page.GetByLabel("Market cap to").FillAsync("3000");
        await page.GetByLabel("Source").SelectOptionAsync("coinpaprika");
        await page.GetByLabel("Market cap from").FillAsync("2");
        await page.Clock.RunForAsync(1_000);

        await QueryIsAsync(("q", "N0"), ("min_market_cap", "2"), ("max_market_cap", "3000"), ("source", "coinpaprika"));

        await page.GetByLabel("Search").FillAsync("N0 and more");
        await page.GetByRole(AriaRole.Link, new() { Name = "show all" }).ClickAsync();
        await page.Clock.RunForAsync(1_000);

        await QueryIsAsync();
        session.AssertNoComplaint();

        async Task QueryIsAsync(params (string Name, string Value)[] expected) => Assert.Equal(
            expected.OrderBy(pair => pair.Name, StringComparer.Ordinal).Select(pair => $"{pair.Name}={pair.Value}"),
            await page.EvaluateAsync<string[]>("[...new URLSearchParams(location.search)].map(pair => pair.join('=')).sort()"));
    }

    [Theory]
    [InlineData("Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied', 'SecurityError'); } })")]
    [InlineData("Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }")]
    public async Task Page_works_and_its_theme_changes_while_storage_is_blocked(string block)
    {
        await using var session = await site.VisitAsync("/", prepare: page => page.AddInitScriptAsync(block));
        var page = session.Page;
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(50);
        var theme = page.GetByRole(AriaRole.Button, new() { Name = "Theme" });

        await Expect(theme).ToContainTextAsync("auto");
        await theme.ClickAsync();
        await Expect(theme).ToContainTextAsync("light");
        await theme.ClickAsync();

        await Expect(theme).ToContainTextAsync("dark");
        Assert.Equal("dark", await page.EvaluateAsync<string>("document.documentElement.dataset.theme"));
        await session.ShootAsync("storage-blocked", whole: false);
        session.AssertNoComplaint();
    }

    [Theory]
    [InlineData(503)]
    [InlineData(502, 503, 429)]
    public async Task Live_updates_come_back_after_a_proxy_refused_them(params int[] statuses)
    {
        var refused = 0;
        await using var session = await site.VisitAsync("/", prepare: page => page.RouteAsync("**/events", route =>
            refused < statuses.Length
                ? route.FulfillAsync(new() { Status = statuses[refused++], Body = "not now" })
                : route.ContinueAsync()));

        await Expect(session.Page.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();
        Assert.Equal(statuses.Length, refused);
        session.AssertNoComplaint(allowed: "status of");
    }

    [Fact]
    public async Task Page_is_read_again_once_live_updates_come_back()
    {
        const string Keep = "window.EventSource = class extends EventSource { constructor(url) { super(url); window.events = this; } }";
        await using var session = await site.VisitAsync("/explore/runs", prepare: page => page.AddInitScriptAsync(Keep));
        var page = session.Page;

        await page.RunAndWaitForRequestAsync(
            () => page.EvaluateAsync("events.close(); events.dispatchEvent(new Event('error'))"),
            request => request.Url.Contains("/runs?limit=50", StringComparison.Ordinal));

        await Expect(page.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();
        session.AssertNoComplaint();
    }
}
