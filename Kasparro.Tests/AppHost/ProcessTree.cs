using System.Globalization;

namespace Kasparro.Tests.AppHost;

/// <summary>The processes of this machine, as Linux tells of them in <c>/proc</c>.</summary>
internal static class ProcessTree
{
    /// <summary>The ids of a process's descendants.</summary>
    public static IEnumerable<int> Below(int ancestor)
    {
        var parents = All().Select(id => (Id: id, Parent: ParentOf(id))).ToLookup(process => process.Parent, process => process.Id);
        var found = new List<int>();
        for (var next = new Queue<int>([ancestor]); next.TryDequeue(out var id);)
        {
            foreach (var child in parents[id])
            {
                found.Add(child);
                next.Enqueue(child);
            }
        }

        return found;
    }

    /// <summary>Whether the process still runs; one that ended and was not waited for does not.</summary>
    public static bool Exists(int id) => Status(id) is { } status && status[0] is not ('Z' or 'X');

    /// <summary>The process's command line, empty where it has ended.</summary>
    public static string CommandLine(int id) => Read($"/proc/{id}/cmdline")?.Replace('\0', ' ') ?? "";

    private static IEnumerable<int> All() =>
        Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => name!.All(char.IsAsciiDigit)).Select(name => int.Parse(name!, CultureInfo.InvariantCulture));

    private static int ParentOf(int id) => Status(id) is { } status ? int.Parse(status.Split(' ')[1], CultureInfo.InvariantCulture) : 0;

    // State and parent come after the program's name, which is in brackets and may have any characters.
    private static string? Status(int id) => Read($"/proc/{id}/stat") is { Length: > 0 } text ? text[(text.LastIndexOf(')') + 2)..] : null;

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // It has ended since.
        }
    }
}
