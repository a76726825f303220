using Microsoft.Playwright;

namespace Kasparro.Tests.Hosting;

/// <summary>The distribution's own Chromium: Playwright downloads none.</summary>
internal static class Chromium
{
    /// <summary>Why tests that need it are skipped.</summary>
    public const string Absence = "Chromium is not installed (apt-get install chromium).";

    /// <summary>Its path; null where it is not installed.</summary>
    public static string? Path { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
        .SelectMany(folder =>
            new[] { "chromium", "chromium-browser", "google-chrome" }.Select(name => System.IO.Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    /// <summary>Starts it without a window, and without calls of its own to anywhere.</summary>
    public static Task<IBrowser> LaunchAsync(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new()
    {
        ExecutablePath = Path,
        Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    });
}
