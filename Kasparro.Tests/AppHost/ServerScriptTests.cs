using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Kasparro.Tests.AppHost;

/// <summary>
/// The errors of the scripts that run PostgreSQL and Redis: one line each, after which the graph's start ends
/// (<see cref="ServerProcessTests"/>).
/// </summary>
public sealed class ServerScriptTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kasparro-scripts-").FullName;
    private readonly TcpListener _port = new(IPAddress.Loopback, 0);

    public ServerScriptTests()
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_101); // So that PostgreSQL's user can enter it.
        }
    }

    public void Dispose()
    {
        _port.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("postgres.sh", "PostgreSQL: its port {0} is taken by another program")]
    [InlineData("redis.sh", "Redis: its port {0} is taken by another program")]
    public async Task A_port_that_is_taken_is_named(string script, string expected)
    {
        _port.Start();
        var port = ((IPEndPoint)_port.LocalEndpoint).Port;

        Assert.Equal(string.Format(CultureInfo.InvariantCulture, expected, port), await RunAsync(script, port: port));
    }

    [Fact]
    public async Task Data_of_a_major_version_that_is_not_installed_is_named()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "data"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "data/PG_VERSION"), "9\n", Cancellation);

        Assert.Equal(
            $"PostgreSQL: the data in {_folder} is of major version 9, which is not available here; "
                + "delete the folder to start with an empty one",
            await RunAsync("postgres.sh"));
    }

    /// <summary>The message is not the last line of initdb, which reports the cleanup.</summary>
    [Fact]
    public async Task A_database_that_cannot_be_made_is_told_with_its_reason()
    {
        Copy("find-postgresql.sh", text => text);
        File.Copy(RepositoryFiles.At("Kasparro.AppHost/Servers/package.json"), Path.Combine(_folder, "package.json"));
        var copy = Copy("postgres.sh", text => text.Replace("-U \"$POSTGRES_USER\"", "-U pg_own", StringComparison.Ordinal));

        Assert.Equal(
            $"PostgreSQL: no database can be made in {_folder}/data: "
                + "initdb: error: superuser name \"pg_own\" is disallowed; role names cannot begin with \"pg_\"",
            await RunAsync(copy));
    }

    /// <summary>Root's data is kept elsewhere then, where PostgreSQL's user can enter even if root's umask keeps others out.</summary>
    [Fact]
    public async Task A_clone_that_only_its_owner_can_enter_has_data()
    {
        Copy("find-postgresql.sh", text => text);
        File.Copy(RepositoryFiles.At("Kasparro.AppHost/Servers/package.json"), Path.Combine(_folder, "package.json"));
        var copy = Copy("postgres.sh", text => text.Replace("-U \"$POSTGRES_USER\"", "-U pg_own", StringComparison.Ordinal)
            .Replace("/var/lib/kasparro/", $"{_folder}/elsewhere/", StringComparison.Ordinal)
            .Replace("set -euo pipefail", "set -euo pipefail; umask 077", StringComparison.Ordinal));

        var error = await RunAsync(copy, $"{_folder}/clone/postgres");
        Assert.Contains("/data: initdb: error: superuser name", error, StringComparison.Ordinal);
    }

    /// <summary>As when the server runs in another container and its process is not visible here.</summary>
    [Fact]
    public async Task Data_that_another_server_has_locked_is_named()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "flock is Linux's.");
        var file = Path.Combine(_folder, "lock");
        await File.WriteAllTextAsync(file, "", Cancellation);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, (UnixFileMode)0b110_110_110); // PostgreSQL's user writes to it.
        }

        using var holder = Process.Start(new ProcessStartInfo("flock", [file, "sh", "-c", "echo locked; read -r _"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        await holder.StandardOutput.ReadLineAsync(Cancellation);

        Assert.Equal(
            $"PostgreSQL: the data in {_folder}/data is held by another server (process not known): stop that one first",
            await RunAsync("postgres.sh"));
        holder.StandardInput.Close();
        await holder.WaitForExitAsync(Cancellation);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_named()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "others")).FullName;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, (UnixFileMode)0b101_101_101);
        }

        Assert.Equal(
            $"PostgreSQL: its folder {folder} cannot be written by nobody: it belongs to another user",
            (await RunAsync(Copy("postgres.sh", text => text), folder, asNobody: Environment.IsPrivilegedProcess)).Replace(
                $"by {Environment.UserName}:", "by nobody:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(
        "redis.sh",
        "Redis: neither redis-server nor valkey-server is installed (apt-get install redis-server, brew install redis)")]
    [InlineData(
        "find-postgresql.sh",
        "PostgreSQL 9 is not installed (apt-get install postgresql, brew install postgresql@18)")]
    public async Task A_program_that_is_missing_is_named_with_what_installs_it(string script, string expected)
    {
        // Redis is searched for where Debian and Homebrew install it, regardless of PATH; no machine has a PostgreSQL 9 today.
        const string path = "PATH=$PATH:/usr/sbin:/usr/local/sbin:/opt/homebrew/bin";
        var copy = Copy(script, text => text.Replace(path, "PATH=/nowhere", StringComparison.Ordinal));
        File.Copy(RepositoryFiles.At("Kasparro.AppHost/Servers/package.json"), Path.Combine(_folder, "package.json"));

        Assert.Equal(expected, await RunAsync(copy, arguments: "9"));
    }

    private string Copy(string script, Func<string, string> change)
    {
        var copy = Path.Combine(_folder, script);
        File.WriteAllText(copy, change(RepositoryFiles.Text($"Kasparro.AppHost/Servers/{script}")));
        return copy;
    }

    /// <summary>Runs a script that must fail; returns the last line of its error output.</summary>
    private async Task<string> RunAsync(
        string script, string? folder = null, int port = 1, bool asNobody = false, params string[] arguments)
    {
        string[] command = ["bash", Path.Combine(RepositoryFiles.At("Kasparro.AppHost/Servers"), script), .. arguments];
        command = asNobody ? ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", .. command] : command;
        var (exitCode, _, errors) = await new ProcessStartInfo(command[0], command[1..])
        {
            Environment =
            {
                ["FOLDER"] = folder ?? _folder,
                ["PORT"] = $"{port}",
                ["POSTGRES_USER"] = "postgres",
                ["POSTGRES_PASSWORD"] = "secret",
                ["REDIS_PASSWORD"] = "secret",
            },
        }.RunAsync(Cancellation);
        Assert.NotEqual(0, exitCode);
        return errors.TrimEnd().Split('\n')[^1];
    }
}
