using System.Diagnostics;
using System.Text.RegularExpressions;
using Npgsql;

namespace Kasparro.Tests.Integration.Operations;

/// <summary>
/// The backup command in <c>docs/operations.md</c>, run as cron runs it: without a terminal and with an empty environment.
/// </summary>
public sealed partial class BackupTests
{
    [Fact]
    public async Task Backup_command_dumps_the_catalogue_without_asking_for_a_password()
    {
        // A server of pg_dump's own version, as in the container, because an older pg_dump refuses a newer server.
        await using var servers = await DisposablePostgres.StartAsync(Cancellation, password: "of-the-superuser");
        var path = $"{servers.Programs}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";
        var database = new NpgsqlConnectionStringBuilder(await servers.CreateDatabaseAsync("kasparro", Cancellation));
        var folder = Directory.CreateTempSubdirectory("kasparro-backup-");
        var command = Command().Match(RepositoryFiles.Text("docs/operations.md")).Groups["command"].Value;
        Assert.EndsWith(" kasparro", command, StringComparison.Ordinal);

        command = command.Replace("--username=postgres", $"--username={database.Username}", StringComparison.Ordinal)[..^"kasparro".Length]
            + database.Database;
        var script = $"{command} > dump && pg_restore --list dump";
        string[] container = [$"PATH={path}", $"PGPORT={database.Port}", $"POSTGRES_PASSWORD={database.Password}"];
        var (exitCode, contents, errors) = await new ProcessStartInfo(
            "env", ["-i", .. container, "setsid", "--wait", "sh", "-c", $"exec </dev/null; {script}"])
        {
            WorkingDirectory = folder.FullName,
        }.RunAsync(Cancellation);

        Assert.True(exitCode == 0, errors);
        Assert.Contains("TABLE DATA public catalogue_state", contents, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [GeneratedRegex("exec -T postgres sh -c '(?<command>[^']+)'", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Command();
}
