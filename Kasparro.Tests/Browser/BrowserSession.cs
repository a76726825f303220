using System.Collections.Concurrent;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Kasparro.Tests.Browser;

/// <summary>A test's browser window: its page, the errors that the browser reported, and the hosts that it sent requests to.</summary>
internal sealed class BrowserSession : IAsyncDisposable
{
    private const float Patience = 60_000;

    private static readonly string Screenshots = RepositoryFiles.At("TestResults/explorer");

    private readonly IBrowserContext _context;
    private readonly Uri _site;
    private readonly ConcurrentQueue<string> _complaints = new();

    private BrowserSession(IBrowserContext context, IPage page, Uri site)
    {
        (_context, Page, _site) = (context, page, site);
        page.SetDefaultTimeout(Patience);
        Assertions.SetDefaultExpectTimeout(Patience);
        page.PageError += (_, error) => _complaints.Enqueue($"script: {error}");
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Enqueue($"console: {message.Text} ({message.Location})");
            }
        };
        context.Request += (_, request) =>
        {
            if (request.Url is var url && !url.StartsWith(site.AbsoluteUri, StringComparison.Ordinal)
                && !url.StartsWith("data:", StringComparison.Ordinal) && url != "about:blank")
            {
                _complaints.Enqueue($"asked another host: {url}");
            }
        };
    }

    public IPage Page { get; }

    public static async Task<BrowserSession> OpenAsync(IBrowser browser, Uri site, ColorScheme scheme, int width, int height)
    {
        var context = await browser.NewContextAsync(new()
        {
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
            ViewportSize = new() { Width = width, Height = height },
        });
        return new(context, await context.NewPageAsync(), site);
    }

    public async Task GoAsync(string path)
    {
        await Page.GotoAsync(new Uri(_site, path).AbsoluteUri);
        await Assertions.Expect(Page.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();
        await SettleAsync();
    }

    /// <summary>Waits until the page has finished loading its data.</summary>
    public async Task SettleAsync()
    {
        await Assertions.Expect(Page.Locator("h1")).ToBeVisibleAsync();
        await Assertions.Expect(Page.Locator(".notice:not(.error)")).ToHaveCountAsync(0);
        await Assertions.Expect(Page.Locator("table[aria-busy=true]")).ToHaveCountAsync(0);
    }

    public Task ShootAsync(string name, bool whole = true) =>
        Page.ScreenshotAsync(new() { Path = Path.Combine(Screenshots, $"{name}.png"), FullPage = whole });

    /// <summary>Finds axe-core's violations of all its rules, or of these, on the page, one line each.</summary>
    public async Task<List<string>> ProblemsAsync(params string[] rules)
    {
        // Passed checks are not reported for each node; on a long page that would take longer than the checks.
        var results = await Page.RunAxe(new AxeRunOptions
        {
            ResultTypes = [ResultType.Violations],
            RunOnly = rules.Length == 0 ? null : RunOnlyOptions.Rules(rules),
        });
        return [.. results.Violations.Select(problem =>
            $"{problem.Impact} {problem.Id}: {problem.Help} ({string.Join("; ", Places(problem))})")];

        static IEnumerable<string> Places(AxeResultItem problem) =>
            problem.Nodes.Take(5).Select(node => $"{node.Html} {node.Any.FirstOrDefault()?.Message}");
    }

    /// <summary>Asserts that the browser reported no errors, except those that contain <paramref name="allowed"/>.</summary>
    public void AssertNoComplaint(string? allowed = null)
    {
        var complaints = string.Join('\n', _complaints.Where(text => allowed is null || !text.Contains(allowed, StringComparison.Ordinal)));
        Assert.True(complaints.Length == 0, complaints);
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
