using System.Globalization;

namespace Kasparro.Tests.AppHost;

/// <summary>The processes of this machine, as listed in Linux's <c>/proc</c>.</summary>
internal static class Processes
{
    /// <summary>
    /// The ids of the processes with the text in their environment, which children inherit, and of the children of these processes: a
    /// server that changes its title, as Redis does, overwrites its environment.
    /// </summary>
    public static IReadOnlySet<int> OfEnvironment(string text)
    {
        var all = Directory.GetDirectories("/proc").Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? id : 0)
            .Where(id => id > 0).ToList();
        var found = all.Where(id => Read($"/proc/{id}/environ").Contains(text, StringComparison.Ordinal)).ToHashSet();
        found.UnionWith([.. all.Where(id => found.Contains(GetParent(id)))]);
        return found;
    }

    /// <summary>Whether the process still runs; a zombie does not.</summary>
    public static bool Runs(int id) => Status(id) is [not ("Z" or "X"), ..];

    /// <summary>The command line of the process; empty if it has ended.</summary>
    public static string CommandLine(int id) => Read($"/proc/{id}/cmdline").Replace('\0', ' ');

    private static int GetParent(int id) => Status(id) is [_, var parent, ..] ? int.Parse(parent, CultureInfo.InvariantCulture) : 0;

    // State and parent follow the program's name, which is in parentheses and may contain any characters.
    private static string[] Status(
        int id) => Read($"/proc/{id}/stat") is { Length: > 0 } text ? text[(text.LastIndexOf(')') + 2)..].Split(' ') : [];

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // The process has ended in the meantime or belongs to another user.
        }
    }
}
