using System.IO.Compression;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Kasparro.Tests.Browser;

/// <summary>The explorer's pages in a browser. Saves screenshots in <c>TestResults/explorer/</c>.</summary>
[Takes(135)]
public sealed class ExplorerTests(ExplorerSite site) : IClassFixture<ExplorerSite>
{
    private static readonly (string Name, ColorScheme Scheme, int Width)[] Looks =
        [("light", ColorScheme.Light, 1280), ("dark", ColorScheme.Dark, 1280), ("phone", ColorScheme.Light, 390)];

    [Theory]
    [InlineData("assets", "/?source=csv_source")]
    [InlineData("asset", "")]
    [InlineData("runs", "/explore/runs?source=coingecko")]
    [InlineData("run", "")]
    [InlineData("nothing", "/explore/nowhere")]
    public async Task Every_page_is_accessible_and_fits_in_light_in_dark_and_on_a_phone(string name, string path)
    {
        await using var visitor =
            await site.VisitAsync(name switch { "asset" => site.AssetPath, "run" => $"/explore/runs/{site.OddRun}", _ => path });
        var page = visitor.Page;
        if (name == "asset")
        {
            await Expect(page.Locator(".uplot canvas")).ToBeVisibleAsync();
        }

        foreach (var (look, scheme, width) in Looks)
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await page.SetViewportSizeAsync(width, 900);
            await visitor.ShootAsync($"{name}-{look}");
            Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
            await AssertAccessibleAsync(visitor, look);
        }

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
        await visitor.ShootAsync("assets-first-page");

        await page.GetByRole(AriaRole.Button, new() { Name = "Asset" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex(@"\?sort=name$", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await visitor.SettleAsync();
        await Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "Asset" })).ToHaveAttributeAsync("aria-sort", "ascending");
        var names = await page.Locator("tbody .name").AllInnerTextsAsync();
        Assert.Equal(names.Order(StringComparer.Ordinal), names);

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
        await Expect(page.GetByText("one point each day")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "All assets" }).ClickAsync();
        await Expect(rows.First).ToBeVisibleAsync();
        visitor.AssertNoComplaint();
    }

    [Fact]
    public async Task Going_back_finds_the_list_where_it_was_left()
    {
        await using var visitor = await site.VisitAsync("/");
        var page = visitor.Page;
        var asset = page.Locator("tbody tr").Nth(40).GetByRole(AriaRole.Link);
        await asset.ScrollIntoViewIfNeededAsync();

        // Playwright's own click scrolls a little where another element is in its way for a moment.
        var left = await asset.EvaluateAsync<double>("link => { const left = scrollY; link.click(); return left; }");
        Assert.True(left > 0);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "All assets" })).ToBeVisibleAsync();
        await page.WaitForFunctionAsync("scrollY === 0");
        await page.GoBackAsync();

        await page.WaitForFunctionAsync("left => scrollY === left", left);
    }

    [Fact]
    public async Task Logos_come_from_the_site_itself_and_assets_without_one_have_none()
    {
        await using var visitor = await site.VisitAsync("/");
        var page = visitor.Page;
        var bitcoin = page.GetByRole(AriaRole.Link, new() { Name = "BTC Bitcoin", Exact = true }).First;
        await Expect(bitcoin.Locator("img.logo")).ToHaveJSPropertyAsync("naturalWidth", 64);
        await Expect(bitcoin.Locator("img.logo")).ToHaveJSPropertyAsync("width", 20);
        await bitcoin.ClickAsync();
        await Expect(page.Locator("h1 img.logo")).ToHaveJSPropertyAsync("naturalWidth", 64);
        await visitor.ShootAsync("asset-logo", whole: false);

        await visitor.GoAsync("/?source=csv_source&sort=name");
        await Expect(page.Locator("tbody tr").Filter(new() { Has = page.Locator("span.logo") })).Not.ToHaveCountAsync(0);
        visitor.AssertNoComplaint();
    }

    [Fact]
    public async Task Chart_zooms_from_ten_years_to_an_hour_by_keys_and_wheel_and_compares_two_assets()
    {
        await using var visitor = await site.VisitAsync(site.AssetPath);
        var page = visitor.Page;
        var chart = page.GetByRole(AriaRole.Group, new() { Name = "Price chart" });
        var sentence = page.Locator(".chart .count").First;
        var hour = page.GetByRole(AriaRole.Button, new() { Name = "1 hour" });
        await page.GetByRole(AriaRole.Button, new() { Name = "10 years" }).ClickAsync();
        await Expect(sentence).ToContainTextAsync("one point each week");
        await Expect(sentence).ToContainTextAsync("One gap without prices");
        await visitor.ShootAsync("chart-ten-years", whole: false);

        await chart.FocusAsync();
        for (var hours = 24 * 3650; hours > 0; hours /= 2)
        {
            await page.Keyboard.PressAsync("+");
        }

        await Expect(hour).ToHaveAttributeAsync("aria-pressed", "true");
        await page.Keyboard.PressAsync("ArrowLeft");
        await Expect(hour).ToHaveAttributeAsync("aria-pressed", "false");
        await page.Keyboard.PressAsync("End");
        await Expect(hour).ToHaveAttributeAsync("aria-pressed", "true");
        await chart.HoverAsync();
        await page.Mouse.WheelAsync(0, 400);
        await Expect(hour).ToHaveAttributeAsync("aria-pressed", "false");

        await page.GetByRole(AriaRole.Button, new() { Name = "1 year" }).ClickAsync();
        await page.GetByText("As a table").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Prices" }).Locator("tbody tr")).ToHaveCountAsync(100);
        await page.GetByText("As a table").ClickAsync();
        await page.GetByLabel("Compare with").FillAsync("ETH");
        await Expect(page.Locator("#comparable option[value='ETH Ethereum']")).ToHaveCountAsync(1);
        await page.GetByLabel("Compare with").FillAsync("ETH Ethereum");
        await Expect(page.GetByText("Since the left edge: BTC")).ToContainTextAsync(", ETH ");
        foreach (var (look, scheme, width) in Looks)
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await page.SetViewportSizeAsync(width, 900);
            await visitor.ShootAsync($"chart-compared-{look}", whole: false);
            Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
            await AssertAccessibleAsync(visitor, look);
        }

        await page.GetByRole(AriaRole.Button, new() { Name = "Stop comparing" }).ClickAsync();
        await Expect(page.GetByText("Since the left edge")).ToHaveCountAsync(0);
        visitor.AssertNoComplaint();
    }

    [Fact]
    public async Task Visitor_finds_an_asset_by_an_id_of_any_vocabulary_and_copies_one()
    {
        const string Id = "bip122:000000000019d6689c085ae165831e93/slip44:0";
        await using var visitor = await site.VisitAsync("/");
        var page = visitor.Page;
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await page.GetByLabel("Search").FillAsync(Id);
        var match = page.GetByRole(AriaRole.List, new() { Name = "Assets with this id" });
        await Expect(match).ToContainTextAsync("native coin of the chain: listing coingecko:bitcoin");
        await visitor.ShootAsync("search-id", whole: false);
        await match.GetByRole(AriaRole.Link).ClickAsync();

        await Expect(page.Locator("h1")).ToContainTextAsync("Bitcoin");
        var ids = page.GetByRole(AriaRole.Region, new() { Name = "Ids" });
        await Expect(ids).ToContainTextAsync("btc-bitcoin");
        await Expect(page.Locator("ul.chains")).ToContainTextAsync("native coin");
        await ids.GetByRole(AriaRole.Button, new() { Name = $"Copy {Id}" }).ClickAsync();
        await Expect(ids.GetByText("Copied").First).ToBeVisibleAsync();
        Assert.Equal(Id, await page.EvaluateAsync<string>("navigator.clipboard.readText()"));
        visitor.AssertNoComplaint();
    }

    [Fact]
    public async Task Visitor_finds_the_odd_run_and_what_is_odd_about_it()
    {
        await using var visitor = await site.VisitAsync("/explore/runs");
        var page = visitor.Page;
        await Expect(page.Locator(".timeline a")).Not.ToHaveCountAsync(0);
        await visitor.ShootAsync("runs-of-all-sources");
        await page.GetByLabel("Source").SelectOptionAsync("coinpaprika");
        await Expect(page.Locator("tbody tr").Filter(new() { HasText = "CoinGecko" })).ToHaveCountAsync(0);
        await page.Locator("tbody tr").Filter(new() { Has = page.GetByText("odd", new() { Exact = true }) }).Last.GetByRole(AriaRole.Link)
            .ClickAsync();

        await Expect(page).ToHaveURLAsync(new Uri(site.Url, $"/explore/runs/{site.OddRun}").AbsoluteUri);
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Anomalies" })).ToBeVisibleAsync();
        Assert.Equal(["Records with quotes", "Records with a volume"], await page.Locator("tbody th").AllInnerTextsAsync());
        await Expect(page.Locator(".facts div").Filter(new() { HasText = "Loading" })).ToContainTextAsync("30 ms");
        await Expect(page.Locator(".facts div").Filter(new() { HasText = "Calls" })).ToContainTextAsync("7");
        await Expect(page.Locator("li").Filter(new() { HasText = "missing field" })).ToContainTextAsync("4");

        await page.GoBackAsync();
        await page.GetByLabel("Source").SelectOptionAsync("");
        await page.GetByLabel("Status").SelectOptionAsync("failed");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await Expect(page.Locator("tbody tr")).ToContainTextAsync("503");
        await visitor.ShootAsync("runs-failed", whole: false);
        await Expect(page.Locator(".timeline a")).ToHaveCountAsync(1); // It loads separately and may appear after the table.
        await page.Locator(".timeline a").ClickAsync();
        await Expect(page.Locator("main .error")).ToContainTextAsync("503");
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
            order.Add(await page.EvaluateAsync<string>(
                "(document.activeElement.getAttribute('aria-label') ?? document.activeElement.name ?? '') || "
                    + "document.activeElement.innerText.trim()"));
            Assert.True(
                await page.EvaluateAsync<bool>(
                    "(style => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= "
                        + "2)(getComputedStyle(document.activeElement))"),
                $"no outline around {order[^1]}");
        }

        await visitor.ShootAsync("keyboard", whole: false);
        Assert.Equal("Skip to content | Kasparro | Assets | Runs | API", string.Join(" | ", order.Take(5)));
        Assert.EndsWith("Theme: auto", order[5], StringComparison.Ordinal);
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

        await visitor.GoAsync("/explore/runs");
        var bars = page.Locator(".timeline a");
        await Expect(bars).Not.ToHaveCountAsync(0);
        await page.GetByLabel("Status").FocusAsync();
        await page.Keyboard.PressAsync("Tab");
        await Expect(bars.Last).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("ArrowLeft");
        await Expect(bars.Nth(-2)).ToBeFocusedAsync();
        await visitor.ShootAsync("keyboard-runs", whole: false);
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Runs" })).ToBeFocusedAsync();
        visitor.AssertNoComplaint();
    }

    // This page is Scalar's, not ours, so minor problems are accepted.
    [Fact]
    public async Task Description_of_the_api_has_no_serious_problem_and_asks_nobody_else()
    {
        await using var visitor = await site.VisitAsync("/");
        var page = visitor.Page;
        await page.GetByRole(AriaRole.Link, new() { Name = "API" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "List the catalogue" })).ToBeVisibleAsync();
        var light = await GroundAsync(page);
        await visitor.ShootAsync("docs-light", whole: false);
        AssertNotSerious(await visitor.ProblemsAsync());
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await Expect(page.Locator("body")).ToHaveClassAsync("dark-mode");
        Assert.NotEqual(light, await GroundAsync(page));
        await visitor.ShootAsync("docs-dark", whole: false);
        AssertNotSerious(await visitor.ProblemsAsync("color-contrast"));
        visitor.AssertNoComplaint();

        static void AssertNotSerious(IEnumerable<string> problems) =>
            Assert.DoesNotContain(problems, problem => problem.Split(' ')[0] is not ("minor" or "moderate"));
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
        var files = typeof(Kasparro.Api.ApiOptions).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("explorer.", StringComparison.Ordinal)).ToList();
        Assert.SkipWhen(files.Count == 0, "The API was built without the explorer: npm ci did not get its packages.");
        Assert.Contains("explorer.app.js", files);

        var bytes = files.Sum(Compressed);

        TestContext.Current.SendDiagnosticMessage($"{bytes} bytes, compressed: {string.Join(", ", files)}");
        Assert.InRange(bytes, 1, 150 * 1024);
    }

    // All rules once; in the dark only the colours differ, and on a phone only the widths.
    private static async Task AssertAccessibleAsync(BrowserSession visitor, string look)
    {
        var problems = look switch
        {
            "light" => await visitor.ProblemsAsync(),
            "dark" => await visitor.ProblemsAsync("color-contrast"),
            _ => [],
        };
        Assert.True(problems.Count == 0, $"{look}: {string.Join('\n', problems)}");
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
}
