namespace Kasparro.Tests.AppHost;

/// <summary>The processes of this machine, as Linux tells of them in <c>/proc</c>.</summary>
internal static class Processes
{
    /// <summary>The ids of those that run and have the text in their environment, which children take over from their parents.</summary>
    public static IEnumerable<int> WithInEnvironment(string text) => Directory.GetDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? id : 0)
        .Where(id => id > 0 && Read($"/proc/{id}/environ").Contains(text, StringComparison.Ordinal));

    /// <summary>The process's command line, empty where it has ended.</summary>
    public static string CommandLine(int id) => Read($"/proc/{id}/cmdline").Replace('\0', ' ');

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // It has ended since, or is another user's.
        }
    }
}
