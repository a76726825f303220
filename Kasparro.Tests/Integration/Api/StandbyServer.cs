using System.Diagnostics;
using System.Globalization;
using Kasparro.Tests.Chaos;
using Npgsql;

namespace Kasparro.Tests.Integration.Api;

/// <summary>A hot standby of a test's own server: it streams, is asked, lags when it is stopped, and can be promoted.</summary>
internal sealed class StandbyServer : IAsyncDisposable
{
    private readonly OwnServers _primary;
    private readonly string _data;
    private readonly int _port = OwnServers.FreePort();
    private Process? _process;

    private StandbyServer(OwnServers primary)
    {
        _primary = primary;
        _data = Path.Combine(primary.Folder, "standby");
    }

    public static async Task<StandbyServer> StartAsync(OwnServers primary, CancellationToken cancellationToken)
    {
        var standby = new StandbyServer(primary);
        Directory.CreateDirectory(standby._data);
        if (Environment.IsPrivilegedProcess)
        {
            using var chown = OwnServers.Start(new("chown", ["postgres", standby._data]));
            await chown.WaitForExitAsync(cancellationToken);
        }

        using var backup = OwnServers.Start(OwnServers.AsPostgres(
            Path.Combine(primary.Binaries, "pg_basebackup"),
            ["-h", "127.0.0.1", "-p", $"{primary.PostgresPort}", "-U", "postgres", "-D", standby._data, "-R", "-X", "stream", "-c", "fast", "--no-sync"]));
        await backup.WaitForExitAsync(cancellationToken);
        Assert.Equal(0, backup.ExitCode);
        await standby.StartAsync(cancellationToken);
        return standby;
    }

    public string Postgres(string database) => string.Create(
        CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Username=postgres;Database={database};Timeout=5");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        string[] settings =
        [
            $"port={_port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=100", "fsync=off", "max_standby_streaming_delay=0",
            "logging_collector=off", "log_min_messages=fatal",
        ];
        _process = OwnServers.Start(OwnServers.AsPostgres(Path.Combine(_primary.Binaries, "postgres"), ["-D", _data, .. settings.SelectMany(setting => new[] { "-c", setting })]));
        await Eventually.TrueAsync(async () => await AskAsync<bool?>("SELECT true", cancellationToken) is true, cancellationToken);
    }

    /// <summary>Ends it by <c>INT</c>; what the primary commits meanwhile it lacks.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using (var kill = Process.Start("kill", ["-INT", _process!.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync(cancellationToken);
        }

        await _process.WaitForExitAsync(cancellationToken);
        _process.Dispose();
        _process = null;
    }

    public async Task PromoteAsync(CancellationToken cancellationToken)
    {
        Assert.True(await AskAsync<bool?>("SELECT pg_promote()", cancellationToken));
        await Eventually.TrueAsync(async () => await AskAsync<bool?>("SELECT pg_is_in_recovery()", cancellationToken) is false, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await StopAsync(CancellationToken.None);
        }
    }

    private async Task<T?> AskAsync<T>(string sql, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection($"{Postgres("postgres")};Pooling=false");
            await connection.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand(sql, connection);
            return (T?)await command.ExecuteScalarAsync(cancellationToken);
        }
        catch (NpgsqlException)
        {
            return default;
        }
    }
}
