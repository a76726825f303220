using System.Reflection;

namespace Aspire.Hosting;

/// <summary>Where this clone keeps what lasts between runs: <c>.kasparro/</c> at the repository's root.</summary>
internal sealed record Workspace(string AppHostDirectory, Assembly? AppHost, bool KeepsLogs)
{
    // Only root can write there, and everyone can pass through: for clones below a folder that the database's user may not enter.
    private const string Fallback = "/var/lib/kasparro";

    public string? LogFolder => KeepsLogs ? Path.Combine(Root(AppHostDirectory), "logs") : null;

    /// <summary>Debug or Release: the services run the same build as the AppHost.</summary>
    public string Configuration => AppHost?.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "Debug";

    public static string VolumeFolder(string appHostDirectory, string volume)
    {
        var folder = Path.Combine(Root(appHostDirectory), "volumes", volume);
        if (DroppedUser.Find() is null || DroppedUser.MayEnter(folder))
        {
            return folder;
        }

        var clone = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(folder)))[..12];
        return Path.Combine(Fallback, clone, volume);
    }

    private static string Root(string appHostDirectory)
    {
        var folder = appHostDirectory;
        while (folder is not null && !Path.Exists(Path.Combine(folder, ".git")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return Path.Combine(folder ?? appHostDirectory, ".kasparro");
    }
}
