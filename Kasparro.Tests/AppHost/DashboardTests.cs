using System.Diagnostics;
using System.Net;
using Aspire.Hosting.Testing;
using Kasparro.Data.Runs;
using Kasparro.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Kasparro.Tests.AppHost;

/// <summary>A developer's tasks in Aspire's dashboard, in a browser. Saves screenshots in <c>TestResults/dashboard/</c>.</summary>
[Collection(Graphs.OneAtATime)]
public sealed class DashboardTests
{
    private const string LoginLine = "Login to the dashboard at ";
    private const string OperatorKey = "operator-key-of-a-test-0123456789";
    private const float Patience = 120_000;
    private const float Glance = 10_000;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private static readonly string Screenshots = Path.GetFullPath("../TestResults/dashboard", Projects.Kasparro_AppHost.ProjectPath);
    private static readonly string[] Services = [ResourceNames.Postgres, ResourceNames.Catalogue, ResourceNames.Cache,
        ResourceNames.Upstreams, ResourceNames.Ingestion, ResourceNames.Api];

    [Fact]
    public async Task Developer_sees_all_resources_healthy_reads_logs_and_a_trace_restarts_the_api_and_orders_past_prices()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Limit);
        Assert.SkipWhen(Chromium.Path is null, Chromium.Absence);

        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Kasparro_AppHost>(
            ["--Upstreams=simulated", "--Kasparro:Ephemeral=true", "--environment=Development", $"--Parameters:operator-key={OperatorKey}"],
            (options, _) => options.DisableDashboard = false, limit.Token);
        builder.Services.AddFakeLogging();
        await using var app = await builder.BuildAsync(limit.Token);
        var log = app.Services.GetFakeLogCollector();
        await app.StartAsync(limit.Token);
        await Eventually.TrueAsync(() => Task.FromResult(Find(log, LoginLine) is not null), limit.Token);
        var login = new Uri(Find(log, LoginLine)![LoginLine.Length..]);

        SetDefaultExpectTimeout(Patience);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1600, Height = 1000 } });
        page.SetDefaultTimeout(Patience);

        await page.GotoAsync(login.AbsoluteUri);
        foreach (var service in Services)
        {
            await Expect(GetState(page, service)).ToHaveAttributeAsync("title", "Running");
        }

        await Expect(GetState(page, ResourceNames.Migrations)).ToContainTextAsync("Finished");
        await ShootAsync(page, "resources");

        await page.GotoAsync(new Uri(login, "/consolelogs/resource/api").AbsoluteUri);
        await Expect(page.GetByText("Now listening on: http://localhost:").First).ToBeVisibleAsync();
        await ShootAsync(page, "console-logs");

        // The filter is part of the URL, because text typed before the page is connected is lost, and the list shows only its first rows. A
        // page opened before its trace arrived may stay empty.
        var ingestion = page.Locator("tr").GetByText("ingest coingecko").First;
        await Eventually.TrueAsync(
            async () =>
            {
                await page.GotoAsync(new Uri(login, "/traces?filters=trace.name%3Acontains%3Aingest%2Bcoingecko").AbsoluteUri);
                return await SucceedsAsync(ingestion.WaitForAsync(new() { Timeout = Glance }));
            },
            limit.Token);
        await ingestion.ClickAsync();
        var names = page.Locator("td[col-index='1']");
        await Expect(names.Filter(new() { HasText = "page coingecko/markets" }).First).ToBeVisibleAsync();
        await Expect(names.Filter(new() { HasText = "HTTP GET 200" }).First).ToBeVisibleAsync();
        await Expect(names.Filter(new() { HasText = "COPY" }).First).ToBeVisibleAsync();
        await ShootAsync(page, "trace");

        // One trace spans an operator's request and the pages that the worker reads because of it. Rejected requests have traces as well.
        var orderTrace = default(ActivityTraceId);
        using (var api = app.CreateHttpClient(ResourceNames.Api, "http"))
        {
            api.DefaultRequestHeaders.Add("X-Api-Key", OperatorKey);
            await Eventually.TrueAsync(
                async () =>
                {
                    using var order = new HttpRequestMessage(HttpMethod.Post, "/ingestions?source=coingecko");
                    var trace = ActivityTraceId.CreateRandom();
                    order.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");
                    using var ordered = await api.SendAsync(order, limit.Token);
                    orderTrace = trace;
                    return ordered.StatusCode == HttpStatusCode.Accepted; // 409 while the first ingestion runs.
                },
                limit.Token);
        }

        // The page of a trace that the dashboard has not received yet stays empty, so it is opened again.
        var request = names.Filter(new() { HasText = "POST /ingestions" }).First;
        await Eventually.TrueAsync(
            async () =>
            {
                await page.GotoAsync(new Uri(login, $"/traces/detail/{orderTrace}").AbsoluteUri);
                return await SucceedsAsync(request.WaitForAsync(new() { Timeout = Glance }));
            },
            limit.Token);
        await Expect(names.Filter(new() { HasText = "page coingecko/markets" }).First).ToBeVisibleAsync();
        await ShootAsync(page, "trace-over-services");

        await page.GotoAsync(new Uri(login, "/").AbsoluteUri);
        await GetRow(page, ResourceNames.Api).Locator("fluent-button").Last.ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Restart" }).ClickAsync();
        await Expect(GetState(page, ResourceNames.Api)).Not.ToHaveAttributeAsync("title", "Running");
        await ShootAsync(page, "restarting");
        await Expect(GetState(page, ResourceNames.Api)).ToHaveAttributeAsync("title", "Running");
        await ShootAsync(page, "restarted");

        // A menu closes when its row changes, and a click at that moment is lost.
        var order = page.Locator("fluent-dialog");
        var top = order.Locator(".interaction-input", new() { HasText = "How many assets" }).Locator("input");
        await Eventually.TrueAsync(
            async () =>
            {
                await page.Keyboard.PressAsync("Escape");
                await GetRow(page, ResourceNames.Api).Locator("fluent-button").Last.ClickAsync();
                var command = page.GetByRole(AriaRole.Menuitem, new() { Name = "Backfill" });
                return await SucceedsAsync(command.ClickAsync(new() { Timeout = Glance }))
                    && await SucceedsAsync(top.WaitForAsync(new() { Timeout = Glance }));
            },
            limit.Token);

        // Once it is open, the dialog moves the focus to its first field; text entered at that moment ends up there.
        var first = order.Locator(".interaction-input").First.Locator("input");
        await Eventually.TrueAsync(
            async () =>
            {
                await first.FillAsync("");
                await top.FillAsync("2");
                return (await first.InputValueAsync(), await top.InputValueAsync()) == ("", "2");
            },
            limit.Token);
        await ShootAsync(page, "backfill");
        await order.Locator("fluent-button").GetByText("Backfill", new() { Exact = true }).ClickAsync();

        // Not the toast message, which disappears too soon for a busy machine. This list also shows why a command failed.
        await page.GetByRole(AriaRole.Button, new() { Name = "Notifications" }).ClickAsync();
        await Expect(page.Locator(".notification-entry", new() { HasText = "Backfill" }))
            .ToContainTextAsync("\"Backfill\" succeeded");
        await ShootAsync(page, "backfill-ordered");
        await page.GotoAsync(new Uri(login, "/").AbsoluteUri); // The list would cover the page.
        using (var api = app.CreateHttpClient(ResourceNames.Api, "http"))
        {
            var backfills = await GraphJson.GetAsync(api, "/backfills", limit.Token);
            Assert.Contains(
                backfills.GetProperty("backfills").EnumerateArray(),
                backfill => backfill.GetProperty("origin").GetString() == BackfillOrigin.Request
                    && backfill.GetProperty("top").GetInt32() == 2);
        }

        await GetRow(page, ResourceNames.Ingestion).Locator("fluent-button[title^='Reads all sources']").ClickAsync();
        foreach (var source in SourceNames.All)
        {
            await Expect(page.Locator($"fluent-option[value='{source}']")).ToHaveCountAsync(1);
        }

        await ShootAsync(page, "command");
        await app.StopAsync(limit.Token);
    }

    private static ILocator GetRow(IPage page, string resource) => page.Locator("tr.resource-row")
        .Filter(new() { Has = page.Locator(".resource-name-text").GetByText(resource, new() { Exact = true }) });

    private static async Task<bool> SucceedsAsync(Task action)
    {
        try
        {
            await action;
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    // The title of an unhealthy resource contains more than its state.
    private static ILocator GetState(IPage page, string resource) => GetRow(page, resource).Locator("td[col-index='2']");

    private static async Task ShootAsync(
        IPage page, string name) => await page.ScreenshotAsync(new() { Path = Path.Combine(Screenshots, $"{name}.png") });

    private static string? Find(FakeLogCollector log, string beginning) =>
        log.GetSnapshot().Select(record => record.Message)
            .FirstOrDefault(message => message.StartsWith(beginning, StringComparison.Ordinal));
}
