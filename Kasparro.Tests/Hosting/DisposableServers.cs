using System.Diagnostics;
using System.Globalization;
using Kasparro.Data;
using Kasparro.Data.Schema;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using StackExchange.Redis;

namespace Kasparro.Tests.Hosting;

/// <summary>
/// A PostgreSQL and a Redis for a single test, run by the graph's own scripts, which the test can kill and restart without affecting other
/// tests.
/// </summary>
internal sealed class DisposableServers : IAsyncDisposable
{
    private const string Password = "chaos";

    private readonly string _folder = Directory.CreateTempSubdirectory("kasparro-servers-").FullName;
    private readonly int _postgresPort = FreePorts.Next();
    private readonly int _redisPort = FreePorts.Next();
    private Process? _postgres;
    private Process? _redis;
    private int _redisDatabases;

    public string Redis => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_redisPort},password={Password}");

    /// <summary>Creates a Redis database for a single use and returns its connection string.</summary>
    public string CreateRedisDatabase() => string.Create(
        CultureInfo.InvariantCulture, $"{Redis},defaultDatabase={Interlocked.Increment(ref _redisDatabases)}");

    private string PostgresFolder => Path.Combine(_folder, "postgres");

    private string PostgresPidFile => Path.Combine(PostgresFolder, "data", "postmaster.pid");

    /// <summary>Starts both servers.</summary>
    public static async Task<DisposableServers> StartAsync(CancellationToken cancellationToken)
    {
        var servers = new DisposableServers();
        if (Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(servers._folder, (UnixFileMode)0b111_001_001); // PostgreSQL runs as another user, not as root.
        }

        return await servers.StartAllAsync(async both =>
        {
            await both.StartPostgresAsync(cancellationToken);
            await both.StartRedisAsync(cancellationToken);
        });
    }

    public string Postgres(string database) => string.Create(
        CultureInfo.InvariantCulture,
        $"Host=127.0.0.1;Port={_postgresPort};Username=postgres;Password={Password};Database={database};Timeout=5");

    /// <summary>Creates a database with the whole schema and returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync(string name, CancellationToken cancellationToken)
    {
        var options = new DbContextOptionsBuilder<CatalogueContext>().UseNpgsql(Postgres(name)).UseSnakeCaseNamingConvention();
        await using var context = new CatalogueContext(options.Options);
        await SchemaMigrator.MigrateAsync(context, cancellationToken);
        return Postgres(name);
    }

    /// <summary>Stops PostgreSQL with a signal: <c>INT</c> closes all sessions; <c>QUIT</c> is a crash, after which it recovers.</summary>
    public async Task StopPostgresAsync(string signal, CancellationToken cancellationToken)
    {
        // The first line is the server's process id.
        var id = (await File.ReadAllLinesAsync(PostgresPidFile, cancellationToken))[0];
        using (var server = Process.GetProcessById(int.Parse(id, CultureInfo.InvariantCulture)))
        {
            await server.SignalAsync(signal, cancellationToken);
        }

        await _postgres!.WaitForExitAsync(cancellationToken);
        _postgres.Dispose();
        _postgres = null;
    }

    public async Task StartPostgresAsync(CancellationToken cancellationToken)
    {
        string[] settings = ["fsync=off", "full_page_writes=off", "log_min_messages=fatal"];
        _postgres = Start("postgres.sh", PostgresFolder, _postgresPort, settings.SelectMany(setting => new[] { "-c", setting }));
        await Eventually.TrueAsync(
            async () =>
            {
                Assert.False(_postgres.HasExited, "PostgreSQL did not start.");
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

    /// <summary>Kills Redis with SIGKILL; none of its data is on disk.</summary>
    public async Task KillRedisAsync(CancellationToken cancellationToken)
    {
        _redis!.Kill();
        await _redis.WaitForExitAsync(cancellationToken);
        _redis.Dispose();
        _redis = null;
    }

    public async Task StartRedisAsync(CancellationToken cancellationToken)
    {
        _redis = Start("redis.sh", _folder, _redisPort, []);
        await Eventually.TrueAsync(
            async () =>
            {
                Assert.False(_redis.HasExited, "Redis did not start.");
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
        if (_postgres is { HasExited: false })
        {
            // Without this file it is not up yet: its script, or initdb, is running.
            await (File.Exists(PostgresPidFile) ? StopPostgresAsync("QUIT", CancellationToken.None) : KillAsync(_postgres));
        }

        await (_redis is { HasExited: false } ? KillRedisAsync(CancellationToken.None) : Task.CompletedTask);
        Directory.Delete(_folder, recursive: true);
    }

    private static Task KillAsync(Process process)
    {
        process.Kill(entireProcessTree: true);
        return process.WaitForExitAsync();
    }

    private static Process Start(string script, string folder, int port, IEnumerable<string> settings) =>
        new ProcessStartInfo("bash", [RepositoryFiles.At($"Kasparro.AppHost/Servers/{script}"), .. settings])
        {
            Environment =
            {
                ["FOLDER"] = folder,
                ["PORT"] = $"{port}",
                ["POSTGRES_USER"] = "postgres",
                ["POSTGRES_PASSWORD"] = Password,
                ["REDIS_PASSWORD"] = Password,
                ["REDIS_DATABASES"] = "1024",
            },
        }.StartSilent();
}
