using Microsoft.Playwright;

namespace Kasparro.Tests.Hosting;

/// <summary>The distribution's own Chromium, because Playwright's is not downloaded.</summary>
internal static class Chromium
{
    /// <summary>The reason for skipping tests that need it.</summary>
    public const string Absence = "Chromium is not installed (apt-get install chromium).";

    /// <summary>The path of its executable, or null if it is not installed.</summary>
    public static string? Path { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
        .SelectMany(folder =>
            new[] { "chromium", "chromium-browser", "google-chrome" }.Select(name => System.IO.Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    /// <summary>Starts it headless and without background requests.</summary>
    public static Task<IBrowser> LaunchAsync(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new()
    {
        ExecutablePath = Path,
        Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    });
}
