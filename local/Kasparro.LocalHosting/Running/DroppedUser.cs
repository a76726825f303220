using System.Globalization;

namespace Aspire.Hosting;

/// <summary>The user that PostgreSQL runs as where the host is root: it refuses to run as root itself.</summary>
internal sealed record DroppedUser(string Name, int Uid, int Gid)
{
    /// <summary>What to put before a command so that it runs as this user; the process stays the same one.</summary>
    public IEnumerable<string> Prefix => string.Create(CultureInfo.InvariantCulture, $"setpriv --reuid={Uid} --regid={Gid} --clear-groups").Split(' ');

    public static DroppedUser? Find()
    {
        if (!Environment.IsPrivilegedProcess || !File.Exists("/etc/passwd"))
        {
            return null;
        }

        var users = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length > 3).ToDictionary(fields => fields[0], StringComparer.Ordinal);
        var user = users.GetValueOrDefault("postgres") ?? users.GetValueOrDefault("nobody")
            ?? throw new DistributedApplicationException("PostgreSQL does not run as root, and there is neither a user postgres nor nobody: start as another user.");
        return new(user[0], int.Parse(user[2], CultureInfo.InvariantCulture), int.Parse(user[3], CultureInfo.InvariantCulture));
    }

    public static bool MayEnter(string folder)
    {
        for (var parent = Path.GetDirectoryName(folder); parent is not null && !OperatingSystem.IsWindows(); parent = Path.GetDirectoryName(parent))
        {
            if (Directory.Exists(parent) && !File.GetUnixFileMode(parent).HasFlag(UnixFileMode.OtherExecute))
            {
                return false;
            }
        }

        return true;
    }
}
