using System.Diagnostics;
using System.Globalization;
using Kasparro.Data.Runs;
using Npgsql;

namespace Kasparro.Tests.Chaos;

/// <summary>A disk that fills up while pages are loaded.</summary>
public sealed class FullDiskTests
{
    private const int Pages = 120;
    private const int PageSize = 100;

    [Fact]
    public async Task A_run_fails_with_its_reason_when_the_disk_is_full_nothing_is_torn_and_the_worker_goes_on_once_there_is_room()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && OperatingSystem.IsLinux(), "only root can mount a small file system here.");
        await using var disk = await SmallDisk.MountAsync(megabytes: 2, Cancellation);
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.Markets(Pages, PageSize);
        await using var servers = await DisposableServers.StartAsync(Cancellation);
        await disk.GiveToAsync("postgres", Cancellation);
        var catalogue = await servers.CreateDatabaseAsync("full", Cancellation);
        await using var database = NpgsqlDataSource.Create(catalogue);
        await database.ExecuteAsync($"CREATE TABLESPACE small LOCATION '{disk.Path}'", Cancellation);

        // The partitions are created there.
        await database.ExecuteAsync("ALTER DATABASE \"full\" SET default_tablespace = small", Cancellation);

        await using var worker = ServiceProcess.StartWorker(WorkerSettings.Create(
            catalogue,
            servers.Redis,
            upstream.Url,
            ("Ingestion:RetryInterval", "00:00:01"),
            ("Ingestion:MaxRetryInterval", "00:00:01"),
            ("Sources:CoinGecko:PageSize", PageSize.ToString(CultureInfo.InvariantCulture))));
        await Eventually.TrueAsync(
            async () => await CountAsync(
                database, $"FROM ingestion_runs WHERE source = 'coingecko' AND status = '{RunStatus.Failed}' AND error LIKE '%53100%'") > 0,
            Cancellation);

        // Only whole pages, each with all its rows. A page may commit between two queries, so a single snapshot reads all counts.
        await using (var whole = database.CreateCommand(
            $"""
            SELECT l.n, l.n % {PageSize} = 0 AND l.n = r.n AND l.n = q.n FROM
                (SELECT count(*) AS n FROM listings WHERE source = 'coingecko') AS l,
                (SELECT coalesce(sum(records), 0) AS n FROM raw_pages WHERE source = 'coingecko') AS r,
                (SELECT count(*) AS n FROM quotes JOIN listings USING (listing_id) WHERE source = 'coingecko') AS q
            """))
        await using (var reader = await whole.ExecuteReaderAsync(Cancellation))
        {
            await reader.ReadAsync(Cancellation);
            Assert.InRange(reader.GetInt64(0), 0, (Pages * PageSize) - 1);
            Assert.True(reader.GetBoolean(1));
        }

        await disk.GrowAsync(megabytes: 256, Cancellation);
        await Eventually.TrueAsync(
            async () => await CountAsync(database, "FROM listings WHERE source = 'coingecko'") == Pages * PageSize, Cancellation);
        Assert.False(worker.HasExited);
        ChaosRun.Tell(
            "a disk that fills during COPY: the run failed with 53100, whole pages only, "
                + "and the next one continued by itself once there was room");
    }

    private static Task<long> CountAsync(NpgsqlDataSource database, string from) =>
        database.ScalarAsync<long>($"SELECT count(*) {from}", Cancellation);

    /// <summary>An in-memory file system of a given size.</summary>
    private sealed class SmallDisk(string path) : IAsyncDisposable
    {
        public string Path => path;

        public static async Task<SmallDisk> MountAsync(int megabytes, CancellationToken cancellationToken)
        {
            var path = Directory.CreateTempSubdirectory("kasparro-small-").FullName;
            var exitCode = await RunAsync(cancellationToken, "mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", path);
            Assert.SkipUnless(exitCode == 0, "a file system cannot be mounted here.");
            return new(path);
        }

        public async Task GiveToAsync(string user, CancellationToken cancellationToken) =>
            Assert.Equal(0, await RunAsync(cancellationToken, "chown", user, path));

        public async Task GrowAsync(int megabytes, CancellationToken cancellationToken) =>
            Assert.Equal(0, await RunAsync(cancellationToken, "mount", "-o", $"remount,size={megabytes}m", path));

        public async ValueTask DisposeAsync()
        {
            await RunAsync(CancellationToken.None, "umount", path);
            Directory.Delete(path);
        }

        private static async Task<int> RunAsync(CancellationToken cancellationToken, string program, params string[] arguments) =>
            (await new ProcessStartInfo(program, arguments).RunAsync(cancellationToken)).ExitCode;
    }
}
