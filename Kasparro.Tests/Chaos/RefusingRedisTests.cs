using System.Net;
using Npgsql;
using StackExchange.Redis;

namespace Kasparro.Tests.Chaos;

/// <summary>A Redis that answers PING but refuses writes.</summary>
public sealed class RefusingRedisTests
{
    private const string Administrator = "administrator";
    private const string AdministratorsPassword = "a-password-of-a-test";

    [Fact]
    public async Task A_worker_says_why_redis_refuses_is_unhealthy_meanwhile_and_goes_on_by_itself()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        await using var servers = await DisposableServers.StartAsync(Cancellation);
        await using var worker = ServiceProcess.StartWorker(WorkerSettings.Create(
            await servers.CreateDatabaseAsync("refused", Cancellation),
            servers.Redis,
            upstream.Url,
            ("Ingestion:Interval", "00:00:01"),
            ("Ingestion:LockExpiry", "00:00:05"), // The lock of a run that Redis refuses to release.
            ("Ingestion:RetryInterval", "00:00:01")));
        await using var database = NpgsqlDataSource.Create(servers.Postgres("refused"));
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"{servers.Redis},allowAdmin=true");
        await redis.GetDatabase().ExecuteAsync("ACL", "SETUSER", Administrator, "on", $">{AdministratorsPassword}", "~*", "&*", "+@all");
        var settings = ConfigurationOptions.Parse(servers.Redis);
        (settings.User, settings.Password, settings.AllowAdmin) = (Administrator, AdministratorsPassword, true);
        await using var administrator = await ConnectionMultiplexer.ConnectAsync(settings);
        var server = administrator.GetDatabase();
        var folder = (string)((RedisResult[])(await server.ExecuteAsync("CONFIG", "GET", "dir"))!)[1]!;
        Directory.CreateDirectory(Path.Combine(folder, "dump.rdb")); // A directory cannot be replaced by a snapshot.

        Refusal[] refusals =
        [
            new("OOM", [["CONFIG", "SET", "maxmemory", "1"]], [["CONFIG", "SET", "maxmemory", "0"]]),
            new("MISCONF", [["CONFIG", "SET", "save", "3600 1"], ["BGSAVE"]], [["CONFIG", "SET", "save", ""]]),
            new("replica", [["REPLICAOF", "127.0.0.1", "1"]], [["REPLICAOF", "NO", "ONE"]]),
            new("NOPERM", [["ACL", "SETUSER", "default", "-@all", "+ping"]], [["ACL", "SETUSER", "default", "+@all"]]),
        ];
        await CompletesAsync(database);
        foreach (var refusal in refusals.TakeLast(ChaosRun.Count(sample: 1, full: refusals.Length)))
        {
            await DoAsync(server, refusal.Begin);
            await worker.AnswersAsync("/health", HttpStatusCode.ServiceUnavailable, Cancellation);
            await worker.WritesAsync(refusal.Word, Cancellation);

            await DoAsync(server, refusal.End);
            await CompletesAsync(database);
            await worker.AnswersAsync("/health", HttpStatusCode.OK, Cancellation);
            ChaosRun.Tell(
                $"Redis answers PING and refuses writes ({refusal.Word}): the worker said so, was unhealthy, and continued by itself");
        }

        Assert.DoesNotContain("Unhandled exception", worker.Output, StringComparison.Ordinal);
    }

    private static async Task DoAsync(IDatabase server, string[][] commands)
    {
        foreach (var command in commands)
        {
            await server.ExecuteAsync(command[0], command.Skip(1).Cast<object>().ToArray());
        }
    }

    /// <summary>Waits until a run that starts after this call completes.</summary>
    private static async Task CompletesAsync(NpgsqlDataSource database)
    {
        var begin = DateTimeOffset.UtcNow;
        await Eventually.TrueAsync(
            async () =>
            {
                await using var command =
                    database.CreateCommand("SELECT EXISTS (SELECT FROM ingestion_runs WHERE status = 'completed' AND started_at > $1)");
                command.Parameters.Add(new() { Value = begin });
                return (bool)(await command.ExecuteScalarAsync(Cancellation))!;
            },
            Cancellation);
    }

    /// <param name="Word">A word of the worker's log message about it.</param>
    /// <param name="Begin">The commands that make Redis refuse writes.</param>
    /// <param name="End">The commands that undo it.</param>
    private sealed record Refusal(string Word, string[][] Begin, string[][] End);
}
