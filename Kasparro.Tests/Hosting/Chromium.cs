using Microsoft.Playwright;

namespace Kasparro.Tests.Hosting;

/// <summary>
/// The distribution's own Chromium, because Playwright's is not downloaded: its headless shell if there is one, which takes less than half
/// of the processor time of the whole browser.
/// </summary>
internal static class Chromium
{
    /// <summary>The reason for skipping tests that need it.</summary>
    public const string Absence = "Chromium is not installed (apt-get install chromium-headless-shell).";

    /// <summary>The path of its executable, or null if it is not installed.</summary>
    public static string? Path { get; } = new[] { "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome" }
        .SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
            .Select(folder => System.IO.Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    /// <summary>Starts it headless and without background requests.</summary>
    public static Task<IBrowser> LaunchAsync(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new()
    {
        ExecutablePath = Path,
        Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    });
}
