using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Kasparro.Data;
using Kasparro.Data.Schema;
using Kasparro.Tests.Integration;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using StackExchange.Redis;

namespace Kasparro.Tests.Chaos;

/// <summary>A PostgreSQL and a Redis of a test's own, on loopback, to be killed and started again: those of the other tests must stay up.</summary>
internal sealed class OwnServers : IAsyncDisposable
{
    private readonly string _folder;
    private readonly string _binaries;
    private readonly int _postgresPort = FreePort();
    private readonly int _redisPort = FreePort();
    private Process? _postgres;
    private Process? _redis;

    private OwnServers(string folder, string binaries)
    {
        _folder = folder;
        _binaries = binaries;
    }

    /// <summary>Where the servers' files are; gone with them.</summary>
    public string Folder => _folder;

    /// <summary>Where PostgreSQL's programs are.</summary>
    public string Binaries => _binaries;

    public int PostgresPort => _postgresPort;

    public string Redis => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_redisPort}");

    /// <summary>Starts both; skips the test, with the reason, where they are not installed as programs of this machine.</summary>
    public static async Task<OwnServers> StartAsync(CancellationToken cancellationToken)
    {
        var binaries = FindBinaries();
        Assert.SkipWhen(binaries is null || !IsOnPath("redis-server"), "no initdb and redis-server on this machine: servers in containers are not this test's to kill.");
        var servers = new OwnServers(Directory.CreateTempSubdirectory("kasparro-servers-").FullName, binaries!);
        await servers.InitializeAsync(cancellationToken);
        await servers.StartPostgresAsync(cancellationToken);
        await servers.StartRedisAsync(cancellationToken);
        return servers;
    }

    public string Postgres(string database) => string.Create(
        CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_postgresPort};Username=postgres;Database={database};Timeout=5");

    /// <summary>A database of that name with the whole schema; its connection string.</summary>
    public async Task<string> CreateDatabaseAsync(string name, CancellationToken cancellationToken)
    {
        var options = new DbContextOptionsBuilder<CatalogueContext>().UseNpgsql(Postgres(name)).UseSnakeCaseNamingConvention();
        await using var context = new CatalogueContext(options.Options);
        await SchemaMigrator.MigrateAsync(context, cancellationToken);
        return Postgres(name);
    }

    /// <summary>Ends Postgres by a signal: <c>INT</c> closes all sessions, <c>QUIT</c> is a crash, after which it recovers.</summary>
    public async Task StopPostgresAsync(string signal, CancellationToken cancellationToken)
    {
        using (var kill = Process.Start("kill", [$"-{signal}", _postgres!.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync(cancellationToken);
        }

        await _postgres.WaitForExitAsync(cancellationToken);
        _postgres.Dispose();
        _postgres = null;
    }

    public async Task StartPostgresAsync(CancellationToken cancellationToken)
    {
        string[] settings =
        [
            $"port={_postgresPort}", "listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=100", "fsync=off", "full_page_writes=off",
            "logging_collector=off", "log_min_messages=fatal",
        ];
        _postgres = Start(AsPostgres(Path.Combine(_binaries, "postgres"), ["-D", Data, .. settings.SelectMany(setting => new[] { "-c", setting })]));
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    await using var connection = new NpgsqlConnection($"{Postgres("postgres")};Pooling=false");
                    await connection.OpenAsync(cancellationToken);
                    return true;
                }
                catch (NpgsqlException)
                {
                    return false;
                }
            },
            cancellationToken);
    }

    /// <summary>SIGKILL; nothing of it is on a disk.</summary>
    public async Task KillRedisAsync(CancellationToken cancellationToken)
    {
        _redis!.Kill();
        await _redis.WaitForExitAsync(cancellationToken);
        _redis.Dispose();
        _redis = null;
    }

    public async Task StartRedisAsync(CancellationToken cancellationToken)
    {
        _redis = Start(new("redis-server", [
            "--port", $"{_redisPort}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", _folder, "--loglevel", "warning"]));
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    await using var redis = await ConnectionMultiplexer.ConnectAsync(Redis);
                    return true;
                }
                catch (RedisConnectionException)
                {
                    return false;
                }
            },
            cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await (_postgres is null ? Task.CompletedTask : StopPostgresAsync("QUIT", CancellationToken.None));
        await (_redis is null ? Task.CompletedTask : KillRedisAsync(CancellationToken.None));
        Directory.Delete(_folder, recursive: true);
    }

    private string Data => Path.Combine(_folder, "data");

    private async Task InitializeAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Data);
        if (Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_101);
            using var chown = Start(new("chown", ["postgres", Data]));
            await chown.WaitForExitAsync(cancellationToken);
        }

        using var initdb = Start(AsPostgres(Path.Combine(_binaries, "initdb"), ["-D", Data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"]));
        await initdb.WaitForExitAsync(cancellationToken);
        Assert.Equal(0, initdb.ExitCode);
    }

    /// <summary>PostgreSQL does not run as root.</summary>
    internal static ProcessStartInfo AsPostgres(string program, string[] arguments) => Environment.IsPrivilegedProcess
        ? new("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. arguments])
        : new(program, arguments);

    internal static Process Start(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static string? FindBinaries() => (Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [])
        .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var major) ? major : 0)
        .Select(folder => Path.Combine(folder, "bin"))
        .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")));

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
