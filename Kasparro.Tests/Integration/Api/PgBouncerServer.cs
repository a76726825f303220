using System.Diagnostics;
using System.Globalization;
using Kasparro.Tests.Chaos;
using Npgsql;

namespace Kasparro.Tests.Integration.Api;

/// <summary>PgBouncer in transaction mode before a test's own server, with fewer sessions than clients, so that they change hands.</summary>
internal sealed class PgBouncerServer : IAsyncDisposable
{
    private readonly int _port = OwnServers.FreePort();
    private Process? _process;

    /// <summary>Starts it; skips the test, with the reason, where it is not installed.</summary>
    public static async Task<PgBouncerServer> StartAsync(OwnServers servers, CancellationToken cancellationToken)
    {
        var program = (string[])["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer"];
        Assert.SkipUnless(program.Any(File.Exists), "no pgbouncer on this machine: scripts/install-prerequisites.sh --with-pgbouncer installs it.");
        var bouncer = new PgBouncerServer();
        var configuration = Path.Combine(servers.Folder, "pgbouncer.ini");
        await File.WriteAllTextAsync(
            configuration,
            string.Create(CultureInfo.InvariantCulture, $"""
                [databases]
                * = host=127.0.0.1 port={servers.PostgresPort} user=postgres
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = {bouncer._port}
                unix_socket_dir =
                auth_type = any
                pool_mode = transaction
                max_prepared_statements = 0
                default_pool_size = 3
                server_round_robin = 1
                ignore_startup_parameters = extra_float_digits

                """),
            cancellationToken);
        bouncer._process = OwnServers.Start(OwnServers.AsPostgres(program.First(File.Exists), ["-q", configuration]));
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    await using var connection = new NpgsqlConnection($"{bouncer.Postgres("postgres")};Pooling=false");
                    await connection.OpenAsync(cancellationToken);
                    return true;
                }
                catch (NpgsqlException)
                {
                    return false;
                }
            },
            cancellationToken);
        return bouncer;
    }

    public string Postgres(string database) => string.Create(
        CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Username=postgres;Database={database};Timeout=5");

    public async ValueTask DisposeAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
