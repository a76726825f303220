namespace Aspire.Hosting;

/// <summary>The clone that the AppHost was built in, and where it keeps what lasts between runs: <c>.kasparro/</c> at its root.</summary>
internal sealed record Workspace(Assembly AppHost, bool KeepsLogs)
{
    public string AppHostDirectory { get; } = AppHost.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(metadata => metadata.Key == "apphostprojectpath")?.Value ?? Environment.CurrentDirectory;

    public string? LogFolder => KeepsLogs ? Path.Combine(Root(AppHostDirectory), "logs") : null;

    /// <summary>Debug or Release: the services run the same build as the AppHost.</summary>
    public string Configuration { get; } = AppHost.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "Debug";

    public static string VolumeFolder(string appHostDirectory, string volume)
    {
        var folder = Path.Combine(Root(appHostDirectory), "volumes", volume);
        if (DroppedUser.Find() is null || DroppedUser.MayEnter(folder))
        {
            return folder;
        }

        // Only root can write to /var/lib, and everyone can pass through it: for clones below a folder like /root.
        var clone = Convert.ToHexString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(folder)))[..12];
        return Path.Combine("/var/lib/kasparro", clone, volume);
    }

    /// <summary>Where a generated value that persists is kept; real Aspire keeps it in the user's secrets.</summary>
    public static string ParameterFile(string appHostDirectory, string name) => Path.Combine(Root(appHostDirectory), "parameters", name);

    /// <summary>What the file says, after it was made where there was none. Two graphs that start at once agree on one value.</summary>
    public static string ReadOrWriteSecret(string file, Func<string> generate)
    {
        if (!File.Exists(file))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            var unfinished = $"{file}.{Environment.ProcessId}";
            WriteSecret(unfinished, generate());
            try
            {
                File.Move(unfinished, file);
            }
            catch (IOException) when (File.Exists(file))
            {
                File.Delete(unfinished);
            }
        }

        return File.ReadAllText(file);
    }

    public static void WriteSecret(string file, string text)
    {
        using var stream = new StreamWriter(file, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        stream.Write(text);
    }

    private static string Root(string appHostDirectory)
    {
        var folder = new DirectoryInfo(appHostDirectory);
        while (folder is not null && !Path.Exists(Path.Combine(folder.FullName, ".git")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.FullName ?? appHostDirectory, ".kasparro");
    }
}

/// <summary>The user that PostgreSQL runs as where the host is root: it refuses to run as root itself.</summary>
internal sealed record DroppedUser(string Uid, string Gid)
{
    public const string Command = "setpriv";

    /// <summary>What to put before a command so that it runs as this user; the process stays the same one.</summary>
    public string[] Prefix => [Command, $"--reuid={Uid}", $"--regid={Gid}", "--clear-groups"];

    public static DroppedUser? Find()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return null;
        }

        var users = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).ToLookup(fields => fields[0], StringComparer.Ordinal);
        return users["postgres"].Concat(users["nobody"]).FirstOrDefault() is { } user
            ? new(user[2], user[3])
            : throw new DistributedApplicationException("PostgreSQL does not run as root, and there is neither a user postgres nor nobody: start as another user");
    }

    public static bool MayEnter(string folder) => Path.GetDirectoryName(folder) is not { } parent
        || ((!Directory.Exists(parent) || File.GetUnixFileMode(parent).HasFlag(UnixFileMode.OtherExecute)) && MayEnter(parent));
}
