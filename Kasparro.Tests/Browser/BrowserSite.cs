using Microsoft.Playwright;

namespace Kasparro.Tests.Browser;

/// <summary>An API that serves the explorer, and a browser to visit it.</summary>
public abstract class BrowserSite : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>The address of the explorer.</summary>
    public abstract Uri Url { get; }

    public async ValueTask InitializeAsync()
    {
        if (Chromium.Path is null)
        {
            return;
        }

        await StartAsync(Cancellation);
        _playwright = await Playwright.CreateAsync();
        _browser = await Chromium.LaunchAsync(_playwright);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        await StopAsync();
    }

    /// <summary>
    /// Opens a session with its own browser profile at a path; <paramref name="prepare"/> adds routes and scripts before that. Skips the
    /// test if there is no browser.
    /// </summary>
    internal async Task<BrowserSession> VisitAsync(
        string path, ColorScheme scheme = ColorScheme.Light, int width = 1280, int height = 900, Func<IPage, Task>? prepare = null)
    {
        Assert.SkipWhen(_browser is null, Chromium.Absence);
        var session = await BrowserSession.OpenAsync(_browser, Url, scheme, width, height);
        await (prepare?.Invoke(session.Page) ?? Task.CompletedTask);
        await session.GoAsync(path);
        return session;
    }

    /// <summary>Starts the API and its catalogue.</summary>
    protected abstract Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Stops what <see cref="StartAsync"/> started.</summary>
    protected abstract Task StopAsync();
}
