using Aspire.Hosting.Testing;
using Kasparro.ServiceDefaults;
using Kasparro.Tests.Integration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Playwright;

namespace Kasparro.Tests.AppHost;

/// <summary>What a developer does in Aspire's dashboard, in a browser; screenshots are kept in <c>TestResults/dashboard</c>.</summary>
public sealed class DashboardTests
{
    private const string LoginLine = "Login to the dashboard at ";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Developer_sees_the_graph_its_logs_and_traces_and_restarts_the_api()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        var chromium = FindChromium();
        Assert.SkipWhen(chromium is null, "Chromium is not installed (apt-get install chromium).");

        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Kasparro_AppHost>(
            ["--Upstreams=simulated", "--Kasparro:Ephemeral=true", "--environment=Development"], (options, _) => options.DisableDashboard = false, limit.Token);
        builder.Services.AddFakeLogging();
        await using var app = await builder.BuildAsync(limit.Token);
        var log = app.Services.GetFakeLogCollector();
        await app.StartAsync(limit.Token);
        var absence = log.GetSnapshot().FirstOrDefault(record => record.Message.StartsWith("No dashboard", StringComparison.Ordinal));
        Assert.SkipWhen(absence is not null, absence?.Message ?? "");
        var login = await LoginUrlAsync(log, limit.Token);
        await app.ResourceNotifications.WaitForResourceHealthyAsync(ResourceNames.Api, limit.Token);
        await app.ResourceNotifications.WaitForResourceHealthyAsync(ResourceNames.Ingestion, limit.Token);

        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = chromium,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        });
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1600, Height = 1000 } });
        await page.GotoAsync(login.AbsoluteUri);
        await page.WaitForTimeoutAsync(6000);
        await ShootAsync(page, "resources");
        foreach (var (url, name) in new[] { ("/consolelogs", "logs"), ("/traces", "traces"), ("/structuredlogs", "structured"), ("/metrics", "metrics"), ("/?view=Parameters", "parameters"), ("/?view=Graph", "graph") })
        {
            await page.GotoAsync(new Uri(login, url).AbsoluteUri);
            await page.WaitForTimeoutAsync(4000);
            await ShootAsync(page, name);
        }

        await File.WriteAllTextAsync("/tmp/dashfetch/page.html", await page.ContentAsync(), limit.Token);
        await app.StopAsync(limit.Token);
    }

    private static async Task<Uri> LoginUrlAsync(FakeLogCollector log, CancellationToken cancellationToken)
    {
        string? login = null;
        await Eventually.TrueAsync(
            () =>
            {
                login = log.GetSnapshot().Select(record => record.Message).FirstOrDefault(message => message.StartsWith(LoginLine, StringComparison.Ordinal));
                return Task.FromResult(login is not null);
            },
            cancellationToken);
        return new(login![LoginLine.Length..]);
    }

    private static async Task ShootAsync(IPage page, string name) =>
        await page.ScreenshotAsync(new() { Path = Path.Combine("/tmp/dashfetch/shots", $"{name}.png") });

    private static string? FindChromium() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => new[] { "chromium", "chromium-browser", "google-chrome" }.Select(name => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);
}
