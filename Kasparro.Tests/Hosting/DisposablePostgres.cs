using System.Diagnostics;
using System.Globalization;
using Kasparro.Data;
using Kasparro.Data.Schema;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Kasparro.Tests.Hosting;

/// <summary>
/// A PostgreSQL for a single test, from Debian's packages, optionally with a hot standby and with a PgBouncer in front. PostgreSQL and
/// PgBouncer refuse to run as root, so root starts them as <c>postgres</c>.
/// </summary>
internal sealed class DisposablePostgres : IAsyncDisposable
{
    private const int Oldest = 15; // As in find-postgresql.sh.
    private const string Pooler = "/usr/sbin/pgbouncer";

    private readonly string? _password;
    private readonly List<Process> _started = [];
    private Process? _pooler;
    private readonly int _poolerPort = FreePorts.Next();

    private DisposablePostgres(string programs, string? password)
    {
        (Programs, _password) = (programs, password);
        Folder = Directory.CreateTempSubdirectory("kasparro-postgres-").FullName;
        (Primary, Standby) = (new(this, "primary"), new(this, "standby"));
    }

    /// <summary>The folder of this PostgreSQL version's programs, including its clients.</summary>
    public string Programs { get; }

    /// <summary>The folder of the servers' files, which is deleted with them.</summary>
    public string Folder { get; }

    public Server Primary { get; }

    /// <summary>The standby, which runs once <see cref="AddStandbyAsync"/> has been called.</summary>
    public Server Standby { get; }

    /// <summary>Starts the primary; skips the test, with the reason, if Debian's PostgreSQL is not installed.</summary>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <param name="password">The superuser's password, which the server then requires; null to accept all connections.</param>
    public static async Task<DisposablePostgres> StartAsync(CancellationToken cancellationToken, string? password = null)
    {
        var programs = (Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [])
            .Select(folder => (Folder: folder, Major: int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var major)
                ? major : 0))
            .Where(version => version.Major >= Oldest)
            .OrderByDescending(version => version.Major)
            .Select(version => Path.Combine(version.Folder, "bin"))
            .FirstOrDefault(folder => Array.TrueForAll(["initdb", "pg_basebackup"], name => File.Exists(Path.Combine(folder, name))));
        Assert.SkipWhen(programs is null,
            "no PostgreSQL 15 or newer from Debian's packages here: scripts/install-prerequisites.sh --with-standby installs it.");
        return await new DisposablePostgres(programs, password)
            .StartAllAsync(postgres => postgres.StartPrimaryAsync(cancellationToken));
    }

    /// <summary>Creates a database with the whole schema and the API's role, which can log in, and returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync(string name, CancellationToken cancellationToken)
    {
        var options = new DbContextOptionsBuilder<CatalogueContext>().UseNpgsql(Primary.Database(name)).UseSnakeCaseNamingConvention();
        await using var context = new CatalogueContext(options.Options);
        await SchemaMigrator.MigrateAsync(context, cancellationToken);
        Assert.True(await ApiRole.ApplyAsync(context, password: "of-a-test", cancellationToken));
        return Primary.Database(name);
    }

    public async Task AddStandbyAsync(CancellationToken cancellationToken)
    {
        await RunAsync(
            Program("pg_basebackup"),
            ["-h", "127.0.0.1", "-p", $"{Primary.Port}", "-U", "postgres", "-D", Standby.Data, "-R", "-X", "stream", "-c", "fast",
                "--no-sync"],
            isOfPostgres: true,
            cancellationToken);
        await Standby.StartAsync(cancellationToken);
    }

    /// <summary>
    /// Starts PgBouncer in transaction mode, with fewer server connections than clients, so that these change hands; it logs in as the
    /// API's role. Skips the test, with the reason, if PgBouncer is not installed.
    /// </summary>
    /// <returns>The connection string of the database through PgBouncer.</returns>
    public async Task<string> AddPoolerAsync(string database, CancellationToken cancellationToken)
    {
        Assert.SkipUnless(File.Exists(Pooler),
            "no PgBouncer on this machine: scripts/install-prerequisites.sh --with-pgbouncer installs it.");
        var configuration = Path.Combine(Folder, "pgbouncer.ini");

        // Since 1.21 it can track prepared statements, which must be turned off; older versions reject the setting.
        var version = (await RunAsync(Pooler, ["--version"], isOfPostgres: false, cancellationToken)).Split(' ', '\n')[1].Split('.');
        var follows = int.Parse(version[1], CultureInfo.InvariantCulture) >= 21 ? "max_prepared_statements = 0" : "";
        await File.WriteAllTextAsync(
            configuration,
            string.Create(CultureInfo.InvariantCulture, $"""
                [databases]
                * = host=127.0.0.1 port={Primary.Port} user={ApiRole.Name}
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = {_poolerPort}
                unix_socket_dir =
                auth_type = any
                ignore_startup_parameters = options
                pool_mode = transaction
                {follows}
                default_pool_size = 3
                server_round_robin = 1

                """),
            cancellationToken);
        _pooler = Start(Pooler, ["-q", configuration]);
        var connectionString = string.Create(CultureInfo.InvariantCulture,
            $"Host=127.0.0.1;Port={_poolerPort};Username=postgres;Database={database};Timeout=5");
        await Eventually.TrueAsync(async () => _pooler.HasExited
            ? throw new InvalidOperationException("PgBouncer did not start.")
            : await AskAsync(connectionString, "SELECT true", cancellationToken) is true, cancellationToken);
        return connectionString;
    }

    /// <summary>Runs a PostgreSQL client program against the primary and returns its output.</summary>
    public Task<string> RunClientAsync(string program, string[] arguments, CancellationToken cancellationToken) => RunAsync(
        Program(program), ["-h", "127.0.0.1", "-p", $"{Primary.Port}", "-U", "postgres", .. arguments], isOfPostgres: false,
            cancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _started)
        {
            if (!process.HasExited)
            {
                // QUIT ends PostgreSQL, with all its processes, at once. The pooler is a single process, and ignores QUIT if the caller's
                // shell does.
                await SignalAsync(process, process == _pooler ? "KILL" : "QUIT", CancellationToken.None);
            }

            process.Dispose();
        }

        Directory.Delete(Folder, recursive: true);
    }

    private static async Task SignalAsync(Process process, string signal, CancellationToken cancellationToken)
    {
        await process.SignalAsync(signal, cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
    }

    private static async Task<object?> AskAsync(string connectionString, string sql, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection($"{connectionString};Pooling=false");
            await connection.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand(sql, connection);
            return await command.ExecuteScalarAsync(cancellationToken);
        }
        catch (NpgsqlException)
        {
            return null;
        }
    }

    private static ProcessStartInfo Prepare(string program, string[] arguments, bool isOfPostgres) =>
        isOfPostgres && Environment.IsPrivilegedProcess
            ? new ProcessStartInfo("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. arguments])
            : new ProcessStartInfo(program, arguments);

    private async Task StartPrimaryAsync(CancellationToken cancellationToken)
    {
        var passwordFile = Path.Combine(Folder, "superuser");
        await File.WriteAllTextAsync(passwordFile, _password, cancellationToken);
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", ["-R", "postgres", Folder], isOfPostgres: false, cancellationToken);
        }

        string[] authentication = _password is null ? ["--auth=trust"] : ["--auth=scram-sha-256", $"--pwfile={passwordFile}"];
        await RunAsync(Program("initdb"), ["-D", Primary.Data, "-U", "postgres", "--encoding=UTF8", "--no-sync", .. authentication],
            isOfPostgres: true, cancellationToken);
        await Primary.StartAsync(cancellationToken);
    }

    private string Program(string name) => Path.Combine(Programs, name);

    private Process Start(string program, string[] arguments)
    {
        var process = Prepare(program, arguments, isOfPostgres: true).StartSilent();
        _started.Add(process);
        return process;
    }

    private static async Task<string> RunAsync(
        string program, string[] arguments, bool isOfPostgres, CancellationToken cancellationToken)
    {
        var (exitCode, output, errors) = await Prepare(program, arguments, isOfPostgres).RunAsync(cancellationToken);
        Assert.True(exitCode == 0, $"{program} ended with {exitCode}: {errors}");
        return output;
    }

    /// <summary>The primary or the standby.</summary>
    internal sealed class Server(DisposablePostgres owner, string name)
    {
        private Process? _process;

        public int Port { get; } = FreePorts.Next();

        public string Data => Path.Combine(owner.Folder, name);

        public string Database(string database) => string.Create(
            CultureInfo.InvariantCulture,
            $"Host=127.0.0.1;Port={Port};Username=postgres;Password={owner._password};Database={database};Timeout=5");

        public async Task StartAsync(CancellationToken cancellationToken)
        {
            string[] settings =
            [
                $"port={Port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=100", "fsync=off",
                    "max_standby_streaming_delay=0",
                "logging_collector=off", "log_min_messages=fatal",
            ];
            _process = owner.Start(owner.Program("postgres"), ["-D", Data, .. settings.SelectMany(setting => new[] { "-c", setting })]);
            await Eventually.TrueAsync(async () => await AskAsync(Database("postgres"), "SELECT true", cancellationToken) is true,
                cancellationToken);
        }

        /// <summary>Stops the server; a stopped standby misses what the primary commits in the meantime.</summary>
        public Task StopAsync(CancellationToken cancellationToken) => SignalAsync(_process!, "INT", cancellationToken);

        /// <summary>Promotes the standby to a primary.</summary>
        public async Task PromoteAsync(CancellationToken cancellationToken)
        {
            Assert.Equal(true, await AskAsync(Database("postgres"), "SELECT pg_promote()", cancellationToken));
            await Eventually.TrueAsync(async () =>
                await AskAsync(Database("postgres"), "SELECT pg_is_in_recovery()", cancellationToken) is false, cancellationToken);
        }
    }
}
