using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>A PostgreSQL server of this machine in place of Aspire's container: same port, password and databases for those who use it.</summary>
internal static class PostgresProcess
{
    private const int OldestMajor = 15;
    private static readonly string[] Durable = ["max_wal_size=2GB", "checkpoint_timeout=15min"];
    private static readonly string[] ThrowAway = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"];

    public static async Task<Launch> PrepareAsync(
        PostgresServerResource server, string scratch, Func<Launch, CancellationToken, Task<int>> run, CancellationToken cancellationToken)
    {
        var volume = server.Annotations.OfType<DataVolumeAnnotation>().LastOrDefault();
        var folder = volume?.Folder ?? scratch;
        var data = Path.Combine(folder, "data");
        var user = DroppedUser.Find();
        var password = await server.PasswordParameter.GetValueAsync(cancellationToken).ConfigureAwait(false);
        var version = VersionOf(data, server.Name);
        var binaries = Find(server.Name, version);
        if (version is null)
        {
            await InitializeAsync().ConfigureAwait(false);
        }

        string[] settings =
        [
            string.Create(CultureInfo.InvariantCulture, $"port={server.PrimaryEndpoint.Port}"), "listen_addresses=localhost", "unix_socket_directories=",
            "max_connections=200", "shared_buffers=128MB", "work_mem=16MB", "maintenance_work_mem=128MB", "random_page_cost=1.1",
            .. volume is null ? ThrowAway : Durable,
        ];
        return As("postgres", ["-D", data, .. settings.SelectMany(setting => new[] { "-c", setting })], volume is null ? scratch : "");

        async Task InitializeAsync()
        {
            // Made under another name first: a data folder that is there is whole.
            var unfinished = data + ".new";
            var passwordFile = Path.Combine(folder, "initial-password");
            if (Directory.Exists(unfinished))
            {
                Directory.Delete(unfinished, recursive: true);
            }

            Directory.CreateDirectory(unfinished);
            await File.WriteAllTextAsync(passwordFile, password, cancellationToken).ConfigureAwait(false);
            try
            {
                Protect(passwordFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
                if (user is not null)
                {
                    Protect(folder, (UnixFileMode)0b111_001_001);
                    await RunAsync(new("chown", ["-R", $"{user.Uid}:{user.Gid}", unfinished, passwordFile], folder)).ConfigureAwait(false);
                }

                await RunAsync(As("initdb",
                [
                    "-D", unfinished, "-U", PostgresServerResource.UserName, $"--pwfile={passwordFile}", "--auth=scram-sha-256",
                    "--encoding=UTF8", OperatingSystem.IsLinux() ? "--locale=C.UTF-8" : "--locale=C", .. volume is null ? new[] { "--no-sync" } : [],
                ])).ConfigureAwait(false);
            }
            finally
            {
                File.Delete(passwordFile);
            }

            Directory.Move(unfinished, data);
        }

        async Task RunAsync(Launch launch)
        {
            if (await run(launch, cancellationToken).ConfigureAwait(false) is not 0 and var code)
            {
                throw new DistributedApplicationException(string.Create(CultureInfo.InvariantCulture, $"cannot make a database cluster in {folder} (exit code {code})"));
            }
        }

        Launch As(string program, string[] arguments, string scratchFolder = "")
        {
            string[] command = [.. user?.Prefix ?? [], Path.Combine(binaries, program), .. arguments];
            return new(command[0], command[1..], folder, StopSignal: "INT", scratchFolder);
        }
    }

    private static void Protect(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    private static int? VersionOf(string data, string name)
    {
        if (!Directory.Exists(data))
        {
            return null;
        }

        var file = Path.Combine(data, "PG_VERSION");
        return File.Exists(file) && int.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var version)
            ? version
            : throw new DistributedApplicationException($"the data folder {data} is broken (no PG_VERSION): delete it, and {name} starts anew");
    }

    // Debian, Red Hat and Homebrew keep versions side by side; a version's number is in its folder's name.
    private static string Find(string name, int? version)
    {
        var homes = new[] { ("/usr/lib/postgresql", "*"), ("/usr", "pgsql-*"), ("/opt/homebrew/opt", "postgresql@*"), ("/usr/local/opt", "postgresql@*") }
            .Where(place => Directory.Exists(place.Item1))
            .SelectMany(place => Directory.GetDirectories(place.Item1, place.Item2))
            .Select(home => (Folder: Path.Combine(home, "bin"), Major: int.TryParse(Path.GetFileName(home).Split('-', '@')[^1], CultureInfo.InvariantCulture, out var major) ? major : 0))
            .Where(home => File.Exists(Path.Combine(home.Folder, "initdb")) && home.Major >= OldestMajor)
            .OrderByDescending(home => home.Major)
            .ToList();
        var fit = version is null ? homes : [.. homes.Where(home => home.Major == version)];
        if (fit.Count > 0)
        {
            return fit[0].Folder;
        }

        if (Executables.Find("initdb") is { } onPath)
        {
            return Path.GetDirectoryName(onPath)!;
        }

        throw new DistributedApplicationException(version is not null && homes.Count > 0
            ? $"its data was made by PostgreSQL {version}, which is not installed: apt-get install postgresql-{version}, or delete the data folder (make clean)"
            : $"PostgreSQL {OldestMajor} or newer is not installed ({name} needs initdb and postgres): apt-get install postgresql (Debian), brew install postgresql@17 (macOS)");
    }
}
