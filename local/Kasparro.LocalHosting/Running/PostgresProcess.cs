namespace Aspire.Hosting;

/// <summary>A PostgreSQL server of this machine in place of Aspire's container: same port, password and databases for those who use it.</summary>
internal sealed class PostgresProcess(PostgresServerResource server, string scratch, Func<Launch, Task<int>> run)
{
    private const int OldestMajor = 15;

    // Debian, Red Hat and Homebrew keep versions side by side; a version's number is in its folder's name.
    private static readonly (string Folder, string Pattern)[] Homes =
        [("/usr/lib/postgresql", "*"), ("/usr", "pgsql-*"), ("/opt/homebrew/opt", "postgresql@*"), ("/usr/local/opt", "postgresql@*")];

    private readonly bool _lasts = server.Annotations.OfType<DataVolumeAnnotation>().Any();
    private readonly string _folder = server.Annotations.OfType<DataVolumeAnnotation>().LastOrDefault()?.Folder ?? scratch;
    private readonly DroppedUser? _user = DroppedUser.Find();

    public async Task<Launch> PrepareAsync(CancellationToken cancellationToken)
    {
        var password = await server.PasswordParameter.GetValueAsync(cancellationToken).ConfigureAwait(false);
        var data = Path.Combine(_folder, "data");
        var version = VersionOf(data);
        var binaries = Find(version);
        if (version is null)
        {
            await InitializeAsync(binaries, data, password!).ConfigureAwait(false);
        }

        string[] settings =
        [
            $"port={server.PrimaryEndpoint.Port}", "listen_addresses=localhost", "unix_socket_directories=", "max_connections=200", "shared_buffers=1GB",
            "work_mem=16MB", "maintenance_work_mem=128MB", "random_page_cost=1.1", "max_wal_size=2GB", "checkpoint_timeout=15min",
            .. _lasts ? Array.Empty<string>() : ["fsync=off", "synchronous_commit=off", "full_page_writes=off"],
        ];
        return Command(Path.Combine(binaries, "postgres"), ["-D", data, .. settings.SelectMany(setting => new[] { "-c", setting })]);
    }

    private async Task InitializeAsync(string binaries, string data, string password)
    {
        if (_user is not null && !DroppedUser.MayEnter(_folder))
        {
            throw new DistributedApplicationException($"PostgreSQL does not run as root, and its user may not enter {_folder}: set TMPDIR to a folder that all may enter");
        }

        // Made under another name first: a data folder that is there is whole.
        var (unfinished, passwordFile) = ($"{data}.new", Path.Combine(_folder, "initial-password"));
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        Directory.CreateDirectory(unfinished);
        Workspace.WriteSecret(passwordFile, password);
        if (_user is not null)
        {
            File.SetUnixFileMode(_folder, (UnixFileMode)0b111_001_001);
            await RunAsync(new("chown", ["-R", $"{_user.Uid}:{_user.Gid}", unfinished, passwordFile], _folder)).ConfigureAwait(false);
        }

        await RunAsync(Command(Path.Combine(binaries, "initdb"),
        [
            "-D", unfinished, "-U", PostgresServerResource.UserName, $"--pwfile={passwordFile}", "--auth=scram-sha-256", "--encoding=UTF8",
            OperatingSystem.IsLinux() ? "--locale=C.UTF-8" : "--locale=C", .. _lasts ? Array.Empty<string>() : ["--no-sync"],
        ])).ConfigureAwait(false);
        File.Delete(passwordFile);
        Directory.Move(unfinished, data);
    }

    private Launch Command(string program, string[] arguments) => _user is null
        ? new(program, arguments, _folder, StopSignal: "INT", _lasts ? "" : scratch)
        : new(_user.Prefix[0], [.. _user.Prefix[1..], program, .. arguments], _folder, StopSignal: "INT", _lasts ? "" : scratch);

    private async Task RunAsync(Launch launch)
    {
        if (await run(launch).ConfigureAwait(false) is not 0 and var code)
        {
            throw new DistributedApplicationException($"cannot make a database cluster in {_folder} (exit code {code})");
        }
    }

    private static int? VersionOf(string data) => !Directory.Exists(data) ? null
        : Path.Combine(data, "PG_VERSION") is var file && File.Exists(file) && int.TryParse(File.ReadAllText(file), out var version) ? version
        : throw new DistributedApplicationException($"the data folder {data} is broken (no PG_VERSION): delete it to start with an empty one");

    private static string Find(int? version)
    {
        var installed = Homes.Where(place => Directory.Exists(place.Folder)).SelectMany(place => Directory.GetDirectories(place.Folder, place.Pattern))
            .Select(home => (Folder: Path.Combine(home, "bin"), Major: int.TryParse(Path.GetFileName(home).Split('-', '@')[^1], out var major) ? major : 0))
            .Where(home => home.Major >= OldestMajor && File.Exists(Path.Combine(home.Folder, "initdb")))
            .OrderByDescending(home => home.Major).ToList();
        return installed.Count == 0
            ? Path.GetDirectoryName(Launches.OnPath("initdb")) ?? throw new DistributedApplicationException(
                $"PostgreSQL {OldestMajor} or newer is not installed: apt-get install postgresql (Debian), brew install postgresql@17 (macOS)")
            : installed.Find(home => version is null || home.Major == version).Folder ?? throw new DistributedApplicationException(
                $"its data was made by PostgreSQL {version}, which is not installed: apt-get install postgresql-{version}, or delete the data folder");
    }
}
