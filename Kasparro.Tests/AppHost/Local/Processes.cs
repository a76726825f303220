namespace Kasparro.Tests.AppHost.Local;

/// <summary>This machine's processes, as /proc shows them.</summary>
internal static class Processes
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    public static IReadOnlyList<int> DescendantsOf(int pid)
    {
        var parents = Directory.GetDirectories("/proc").Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? id : 0)
            .Where(id => id > 0).Select(id => (Id: id, Parent: ParentOf(id))).ToLookup(process => process.Parent, process => process.Id);
        return [.. Below(pid)];

        IEnumerable<int> Below(int parent) => parents[parent].SelectMany(child => Below(child).Prepend(child));
    }

    /// <summary>What ps shows of it; empty where it has ended.</summary>
    public static string CommandLineOf(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";
        }
    }

    public static async Task WaitUntilGoneAsync(IEnumerable<int> pids, CancellationToken cancellationToken)
    {
        foreach (var pid in pids)
        {
            while (ParentOf(pid) is not -1)
            {
                await Task.Delay(Glance, cancellationToken);
            }
        }
    }

    /// <summary>The parent's id; -1 where there is no such process, or only what is left of one until its parent looks.</summary>
    private static int ParentOf(int pid)
    {
        try
        {
            var fields = File.ReadAllText($"/proc/{pid}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return fields[0] == "Z" ? -1 : int.Parse(fields[1]);
        }
        catch (IOException)
        {
            return -1;
        }
    }
}
