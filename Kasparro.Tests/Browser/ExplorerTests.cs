using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Kasparro.Tests.Integration.Ingestion;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Kasparro.Tests.Browser;

/// <summary>The pages for people, in a browser. Screenshots are in <c>TestResults/explorer/</c>.</summary>
[Collection(IngestionCollection.Name)]
public sealed class ExplorerTests(ExplorerSite site) : IClassFixture<ExplorerSite>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, ColorScheme, int> Looks
    {
        get
        {
            var looks = new TheoryData<string, ColorScheme, int>();
            foreach (var page in (ReadOnlySpan<string>)["assets", "asset", "runs", "run", "nothing"])
            {
                looks.Add(page, ColorScheme.Light, 1280);
                looks.Add(page, ColorScheme.Dark, 1280);
                looks.Add(page, ColorScheme.Light, 390);
            }

            return looks;
        }
    }

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Every_page_is_accessible_fits_its_window_and_asks_nobody_else(string page, ColorScheme scheme, int width)
    {
        await using var visitor = await site.VisitAsync("/", scheme, width);
        var path = page switch
        {
            "assets" => "/",
            "asset" => await AssetPathAsync(visitor, "BTC"),
            "runs" => "/explore/runs",
            "run" => $"/explore/runs/{site.OddRun}",
            _ => "/explore/nowhere",
        };
        await visitor.GoAsync(path);
        if (page == "asset")
        {
            await Expect(visitor.Page.Locator(".uplot canvas")).ToBeVisibleAsync();
        }

        await visitor.ShootAsync($"{page}-{scheme.ToString().ToLowerInvariant()}-{width.ToString(CultureInfo.InvariantCulture)}");

        Assert.Empty(await visitor.ProblemsAsync());
        Assert.Equal(width, await visitor.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        visitor.AssertNoComplaint();
    }

    [Fact]
    public async Task Visitor_searches_sorts_filters_and_opens_an_asset()
    {
        await using var visitor = await site.VisitAsync("/");
        var page = visitor.Page;
        var rows = page.Locator("tbody tr");
        await Expect(rows).ToHaveCountAsync(50);
        await Expect(rows.First).ToContainTextAsync("BTC");

        await page.GetByRole(AriaRole.Button, new() { Name = "Asset" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex(@"\?sort=name$", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await visitor.SettleAsync();
        await Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "Asset" })).ToHaveAttributeAsync("aria-sort", "ascending");
        var names = await page.Locator("tbody .name").AllInnerTextsAsync();
        Assert.Equal(names.Order(StringComparer.OrdinalIgnoreCase), names);

        await page.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
        await Expect(page.Locator("tbody .name").First).Not.ToHaveTextAsync(names[0]);
        await page.GoBackAsync();
        await Expect(page.Locator("tbody .name").First).ToHaveTextAsync(names[0]);
        await page.GetByRole(AriaRole.Button, new() { Name = "Market cap" }).ClickAsync();

        await page.GetByLabel("Source").SelectOptionAsync("csv_source");
        await Expect(page.Locator(".count")).ToContainTextAsync("10 assets found");
        await page.GetByLabel("Market cap from").FillAsync("100000000000");
        await Expect(page.Locator(".count")).Not.ToContainTextAsync("10 assets");
        await page.GetByRole(AriaRole.Link, new() { Name = "show all" }).ClickAsync();
        await Expect(rows).ToHaveCountAsync(50);
        await Expect(page.GetByLabel("Market cap from")).ToHaveValueAsync("");

        await page.GetByLabel("Search").FillAsync("bitcoin c");
        await Expect(rows.First).ToContainTextAsync("Bitcoin Cash");
        await visitor.ShootAsync("search", whole: false);
        await page.GetByLabel("Search").FillAsync("zzzzzzzz");
        await Expect(page.Locator(".count")).ToContainTextAsync("0 assets found");
        await visitor.ShootAsync("search-nothing", whole: false);
        await page.GetByLabel("Search").FillAsync("solana");
        await rows.First.GetByRole(AriaRole.Link).ClickAsync();

        await Expect(page.Locator("h1")).ToContainTextAsync("Solana");
        await Expect(page.Locator(".uplot canvas")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Listings" }).Locator("tbody tr")).Not.ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "90 days" }).ClickAsync();
        await Expect(page.GetByText("of 1d with prices of")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "All assets" }).ClickAsync();
        await Expect(rows.First).ToBeVisibleAsync();
        visitor.AssertNoComplaint();
    }

    [Fact]
    public async Task Visitor_finds_the_odd_run_and_what_is_odd_about_it()
    {
        await using var visitor = await site.VisitAsync("/explore/runs");
        var page = visitor.Page;
        await Expect(page.Locator(".timeline a")).Not.ToHaveCountAsync(0);
        await page.GetByLabel("Source").SelectOptionAsync("coinpaprika");
        await Expect(page.Locator("tbody tr").Filter(new() { HasText = "CoinGecko" })).ToHaveCountAsync(0);
        await page.Locator("tbody tr").Filter(new() { Has = page.GetByText("odd", new() { Exact = true }) }).Last.GetByRole(AriaRole.Link).ClickAsync();

        await Expect(page).ToHaveURLAsync(new Uri(site.Url, $"/explore/runs/{site.OddRun}").AbsoluteUri);
        await Expect(page.Locator("li").Filter(new() { HasText = "quoted records" })).ToContainTextAsync("expected 300");
        await Expect(page.Locator("li").Filter(new() { HasText = "volume share" })).ToBeVisibleAsync();
        await Expect(page.Locator("li").Filter(new() { HasText = "missing field" })).ToContainTextAsync("4");

        await page.GoBackAsync();
        await page.GetByLabel("Source").SelectOptionAsync("");
        await page.GetByLabel("Status").SelectOptionAsync("failed");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await Expect(page.Locator("tbody tr")).ToContainTextAsync("503");
        await visitor.ShootAsync("runs-failed", whole: false);
        await page.Locator(".timeline a").First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("503");
        visitor.AssertNoComplaint();
    }

    [Fact]
    public async Task Pages_follow_an_ingestion_without_being_loaded_again()
    {
        await using var assets = await site.VisitAsync("/?q=bitcoin");
        await using var runs = await site.VisitAsync("/explore/runs");
        await assets.Page.EvaluateAsync("window.loadedOnce = true");
        await runs.Page.EvaluateAsync("window.loadedOnce = true");
        var price = await assets.Page.Locator("tbody tr").First.Locator("td").Nth(2).InnerTextAsync();
        var newest = await runs.Page.Locator("tbody tr a").First.GetAttributeAsync("href");

        await site.MoveMarketAsync(Cancellation);

        await Expect(assets.Page.Locator("tbody tr").First.Locator("td").Nth(2)).Not.ToHaveTextAsync(price);
        await Expect(runs.Page.Locator("tbody tr a").First).Not.ToHaveAttributeAsync("href", newest!);
        Assert.True(await assets.Page.EvaluateAsync<bool>("window.loadedOnce"));
        Assert.True(await runs.Page.EvaluateAsync<bool>("window.loadedOnce"));
        assets.AssertNoComplaint();
        runs.AssertNoComplaint();
    }

    [Fact]
    public async Task Keyboard_alone_reaches_everything_and_its_place_is_seen()
    {
        await using var visitor = await site.VisitAsync("/");
        var page = visitor.Page;
        var order = new List<string>();
        for (var press = 0; press < 19; press++)
        {
            await page.Keyboard.PressAsync("Tab");
            order.Add(await page.EvaluateAsync<string>("(document.activeElement.getAttribute('aria-label') ?? document.activeElement.name ?? '') || document.activeElement.innerText.trim()"));
            Assert.True(
                await page.EvaluateAsync<bool>("(style => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2)(getComputedStyle(document.activeElement))"),
                $"no outline around {order[^1]}");
        }

        await visitor.ShootAsync("keyboard", whole: false);
        Assert.Equal("Skip to content | Kasparro | Assets | Runs | API", string.Join(" | ", order.Take(5)));
        Assert.StartsWith("Theme: auto", order[5], StringComparison.Ordinal);
        Assert.Equal("q", order[6]);

        await page.GetByRole(AriaRole.Link, new() { Name = "BTC Bitcoin", Exact = true }).First.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("h1")).ToContainTextAsync("Bitcoin");
        Assert.Equal("MAIN", await page.EvaluateAsync<string>("document.activeElement.tagName"));
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "All assets" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("h1")).ToHaveTextAsync("Assets");
        await page.Keyboard.PressAsync("/");
        await Expect(page.GetByLabel("Search")).ToBeFocusedAsync();
        visitor.AssertNoComplaint();
    }

    [Fact]
    public async Task Theme_that_a_visitor_chose_is_kept()
    {
        await using var visitor = await site.VisitAsync("/", ColorScheme.Light);
        var theme = visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Theme" });
        var light = await GroundAsync(visitor.Page);
        await theme.ClickAsync();
        Assert.Equal(light, await GroundAsync(visitor.Page));
        await theme.ClickAsync();
        Assert.NotEqual(light, await GroundAsync(visitor.Page));
        await visitor.GoAsync("/explore/runs");
        Assert.NotEqual(light, await GroundAsync(visitor.Page));
        await Expect(theme).ToContainTextAsync("dark");
    }

    [Fact]
    public void Explorer_is_small()
    {
        var files = typeof(Kasparro.Api.ApiOptions).Assembly.GetManifestResourceNames().Where(name => name.StartsWith("explorer.", StringComparison.Ordinal)).ToList();
        Assert.SkipWhen(files.Count == 0, "The API was built without the explorer: npm ci did not get its packages.");
        Assert.Contains("explorer.app.js", files);

        var bytes = files.Sum(Compressed);

        TestContext.Current.SendDiagnosticMessage($"{bytes} bytes, compressed: {string.Join(", ", files)}");
        Assert.InRange(bytes, 1, 150 * 1024);
    }

    private static long Compressed(string name)
    {
        using var file = typeof(Kasparro.Api.ApiOptions).Assembly.GetManifestResourceStream(name)!;
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            file.CopyTo(gzip);
        }

        return compressed.Length;
    }

    private static Task<string> GroundAsync(IPage page) => page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");

    private static async Task<string> AssetPathAsync(Visitor visitor, string symbol) =>
        (await visitor.Page.Locator("tbody tr").Filter(new() { Has = visitor.Page.GetByText(symbol, new() { Exact = true }) }).First
            .GetByRole(AriaRole.Link).GetAttributeAsync("href"))!;
}
