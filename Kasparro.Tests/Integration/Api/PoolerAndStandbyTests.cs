using System.Net;
using System.Text.Json.Nodes;
using Kasparro.Data.Schema;
using Npgsql;

namespace Kasparro.Tests.Integration.Api;

/// <summary>What may stand between the API and its database: a real PgBouncer, a real hot standby, and errors of every class.</summary>
[Takes(40)]
public sealed class PoolerAndStandbyTests(BackingServices services)
{
    private const string Database = "kasparro";

    [Fact]
    public async Task Everything_is_served_through_a_pooler_in_transaction_mode()
    {
        await using var servers = await DisposablePostgres.StartAsync(Cancellation);
        var catalogue = await servers.CreateDatabaseAsync(Database, Cancellation);
        var pooled = await servers.AddPoolerAsync(Database, Cancellation);
        await CatalogueSeed.CommitAsync(catalogue, Enumerable.Range(1, 60)
            .Select(number => CatalogueSeed.Asset(number, $"S{number}", number)), Cancellation);
        await using var api = await ApiHarness.StartOnAsync(pooled, services.RedisConnectionString, Cancellation,
            "--Api:VersionCheckInterval=00:00:00.05", "--Api:CachedPageBytes=0");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(client => Task.Run(
            async () =>
            {
                for (var round = 0; round < 40; round++)
                {
                    var size = (client * 40) + round + 1;
                    var page = await api.GetAsync($"/data?page_size={size}", Cancellation);
                    Assert.True(page.ContainsKey("data"), page.ToJsonString());
                    Assert.Equal(Math.Min(size, 60), page["data"]!.AsArray().Count);
                    Assert.Equal("S60", (string)page["data"]![0]!["symbol"]!);
                    Assert.Equal(round % 2,
                        (int)(await api.GetAsync($"/data?symbol={(round % 2 == 0 ? "none" : "s7")}&page_size={size}",
                        Cancellation))["total"]!);
                    foreach (var path in new[] { "/changes?since=0&limit=7", "/stats", "/health", "/export?format=ndjson",
                        $"/assets/{CatalogueSeed.Id(1)}", "/data?page_size=7" })
                    {
                        using var response = await api.Client.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
                        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode}");
                    }
                }
            },
            Cancellation)));
        Assert.Contains(api.Logs.GetSnapshot(), entry => entry.Message.Contains("connection pooler", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Standby_is_read_while_its_primary_cleans_up_and_writing_to_it_is_unavailable()
    {
        const string Key = "of-no-other-test-0123456789";
        await using var servers = await DisposablePostgres.StartAsync(Cancellation);
        var catalogue = await servers.CreateDatabaseAsync(Database, Cancellation);
        await CatalogueSeed.CommitAsync(catalogue, Enumerable.Range(1, 60)
            .Select(number => CatalogueSeed.Asset(number, $"S{number}", number)), Cancellation);
        await servers.AddStandbyAsync(Cancellation);
        var standby = servers.Standby;
        await using var api = await ApiHarness.StartOnAsync(standby.Database(Database), services.RedisConnectionString, Cancellation,
            "--Api:VersionCheckInterval=00:00:00.05", $"--Operator:Key={Key}");

        for (var round = 1; round <= 20; round++)
        {
            var version = await CatalogueSeed.RepriceAsync(catalogue, round, Cancellation);
            await CatalogueSeed.ExecuteAsync(catalogue, "VACUUM assets, catalogue_state, catalogue_changes", Cancellation);
            foreach (var path in new[] { $"/data?page_size={round}", "/changes?since=0", "/export", "/stats" })
            {
                using var response = await api.Client.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
                Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable,
                    $"{path}: {(int)response.StatusCode}");
            }

            await Eventually.TrueAsync(
                async () =>
                {
                    var changes = await api.GetAsync("/changes?since=0", Cancellation);
                    return (long?)changes["version"] == version;
                },
                Cancellation);
        }

        using var order = new HttpRequestMessage(HttpMethod.Post, "/ingestions") { Headers = { { "X-Api-Key", Key } } };
        using var refused = await api.Client.SendAsync(order, Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        using var after = await api.Client.GetAsync(new Uri("/data?page_size=59", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    [Fact]
    public async Task Copy_begins_again_after_a_failover_to_a_standby_that_lacked_ten_commits()
    {
        await using var servers = await DisposablePostgres.StartAsync(Cancellation);
        var catalogue = await servers.CreateDatabaseAsync(Database, Cancellation);
        await CatalogueSeed.CommitAsync(catalogue, Enumerable.Range(1, 5)
            .Select(number => CatalogueSeed.Asset(number, $"S{number}", number)), Cancellation);
        await servers.AddStandbyAsync(Cancellation);
        var standby = servers.Standby;
        await standby.StopAsync(Cancellation);
        string ahead;
        await using (var api = await ApiHarness.StartOnAsync(catalogue, services.RedisConnectionString, Cancellation))
        {
            for (var number = 100; number < 110; number++)
            {
                await CatalogueSeed.CommitAsync(catalogue, [CatalogueSeed.Asset(number, $"LOST{number}", 1)], Cancellation);
            }

            var page = await api.GetAsync("/changes?since=0", Cancellation);
            Assert.True(page.ContainsKey("next_since"), page.ToJsonString());
            ahead = (string)page["next_since"]!;
        }

        await servers.Primary.StopAsync(Cancellation);
        await standby.StartAsync(Cancellation);
        await using var promoted = await ApiHarness.StartOnAsync(standby.Database(Database), services.RedisConnectionString, Cancellation);

        // A standby may still catch up.
        Assert.Equal(503, (int)(await promoted.GetAsync($"/changes?since={ahead}", Cancellation))["status"]!);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await ResumeEventsAsync(promoted, ahead));
        await standby.PromoteAsync(Cancellation);
        await Eventually.TrueAsync(async () => (int?)(await promoted.GetAsync($"/changes?since={ahead}", Cancellation))["status"] == 410,
            Cancellation);
        for (var number = 200; number < 215; number++)
        {
            await CatalogueSeed.CommitAsync(standby.Database(Database), [CatalogueSeed.Asset(number, $"NEW{number}", 1)], Cancellation);
        }

        var problem = await promoted.GetAsync($"/changes?since={ahead}", Cancellation);
        Assert.Equal(410, (int)problem["status"]!);
        Assert.Contains("/export", (string)problem["detail"]!, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Gone, await ResumeEventsAsync(promoted, ahead));
        var fresh = await promoted.GetAsync("/changes?since=0", Cancellation);
        Assert.Equal(20, fresh["changed"]!.AsArray().Count);
        Assert.DoesNotContain(fresh["changed"]!.AsArray(), asset => ((string)asset!["symbol"]!)
            .StartsWith("LOST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Copy_begins_again_after_each_of_two_restores_of_an_older_dump()
    {
        await using var servers = await DisposablePostgres.StartAsync(Cancellation);
        var catalogue = await servers.CreateDatabaseAsync(Database, Cancellation);
        await CatalogueSeed.CommitAsync(catalogue, Enumerable.Range(1, 5)
            .Select(number => CatalogueSeed.Asset(number, $"S{number}", number)), Cancellation);
        var dump = Path.Combine(servers.Folder, "dump.sql");
        await File.WriteAllTextAsync(dump, await servers.RunClientAsync("pg_dump", [Database], Cancellation), Cancellation);
        await using var api = await ApiHarness.StartOnAsync(catalogue, services.RedisConnectionString, Cancellation,
            "--Api:DatabaseTimeout=00:00:02");
        var copy = new SortedSet<string>(StringComparer.Ordinal);
        var since = await FollowAsync(api, copy, "0");

        for (var restore = 1; restore <= 2; restore++)
        {
            for (var number = 0; number < 10; number++)
            {
                await CatalogueSeed.CommitAsync(catalogue, [CatalogueSeed.Asset((restore * 100) + number, $"LOST{restore}{number}", 1)],
                    Cancellation);
            }

            since = await FollowAsync(api, copy, since);
            NpgsqlConnection.ClearAllPools();
            var postgres = servers.Primary.Database("postgres");
            await CatalogueSeed.ExecuteAsync(postgres, $"DROP DATABASE {Database} WITH (FORCE)", Cancellation);
            await CatalogueSeed.ExecuteAsync(postgres, $"CREATE DATABASE {Database}", Cancellation);
            await servers.RunClientAsync("psql", ["-q", "-v", "ON_ERROR_STOP=1", "-f", dump, Database], Cancellation);

            // At once, and again after the counter has passed the client's number.
            await Eventually.TrueAsync(async () => (int?)(await api.GetAsync($"/changes?since={since}", Cancellation))["status"] == 410,
                Cancellation);
            for (var number = 0; number < 15; number++)
            {
                await CatalogueSeed.CommitAsync(catalogue, [CatalogueSeed.Asset((restore * 1_000) + number, $"NEW{restore}{number}", 1)],
                    Cancellation);
            }

            Assert.Equal(410, (int?)(await api.GetAsync($"/changes?since={since}", Cancellation))["status"]);
            copy.Clear();
            since = await FollowAsync(api, copy, "0");
            Assert.Equal(20, copy.Count);
            Assert.DoesNotContain(copy, symbol => symbol.StartsWith("LOST", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Requests_are_unavailable_and_the_service_stays_whatever_Postgres_says()
    {
        string[] codes = ["40001", "40P01", "55P03", "26000", "42P05", "42501", "42703", "25006", "57014", "XX000", "P0001"];
        await using var api = await ApiHarness.StartAsync(services, Cancellation, "--Api:VersionCheckInterval=00:00:00.05");
        await api.KnowsAsync(await CatalogueSeed.CommitAsync(api.Catalogue, [CatalogueSeed.Asset(1, "A", 3)], Cancellation), Cancellation);
        var outages = 0;
        foreach (var code in codes)
        {
            await CatalogueSeed.ExecuteAsync(
                api.Catalogue,
                $"""
                CREATE OR REPLACE FUNCTION refuse() RETURNS boolean LANGUAGE plpgsql AS
                    $$ BEGIN RAISE EXCEPTION 'refused by a test' USING ERRCODE = '{code}'; END $$;
                ALTER TABLE catalogue_state RENAME TO catalogue_state_real;
                CREATE VIEW catalogue_state AS SELECT * FROM catalogue_state_real WHERE refuse();
                GRANT SELECT ON catalogue_state TO {ApiRole.Name};
                """,
                Cancellation);

            await Eventually.TrueAsync(
                () => Task.FromResult(api.Logs.GetSnapshot().Any(entry => entry.Message.Contains(code, StringComparison.Ordinal))),
                Cancellation);
            foreach (var path in new[] { $"/data?symbol=unseen-{code}", "/changes?since=0", "/export" })
            {
                using var response = await api.Client.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
                Assert.True(response.StatusCode == HttpStatusCode.ServiceUnavailable, $"{code}: {path} {(int)response.StatusCode}");
                Assert.NotNull(response.Headers.RetryAfter);
            }

            await CatalogueSeed.ExecuteAsync(
                api.Catalogue, "DROP VIEW catalogue_state; ALTER TABLE catalogue_state_real RENAME TO catalogue_state", Cancellation);
            await Eventually.TrueAsync(
                async () => (await api.GetAsync($"/data?symbol=unseen-{code}", Cancellation)).ContainsKey("data"), Cancellation);
            outages++;
            await Eventually.TrueAsync(
                () => Task.FromResult(api.Logs.GetSnapshot().Count(entry => entry.Message == "Postgres responds again") == outages),
                Cancellation);
        }
    }

    private static async Task<string> FollowAsync(ApiHarness api, SortedSet<string> copy, string since)
    {
        JsonObject page;
        do
        {
            page = await api.GetAsync($"/changes?since={since}&limit=3", Cancellation);
            Assert.True(page.ContainsKey("next_since"), page.ToJsonString());
            copy.UnionWith(page["changed"]!.AsArray().Select(asset => (string)asset!["symbol"]!));
            since = (string)page["next_since"]!;
        }
        while ((bool)page["has_more"]!);
        return since;
    }

    private static async Task<HttpStatusCode> ResumeEventsAsync(ApiHarness api, string since)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/events") { Headers = { { "Last-Event-ID", $"{since}-0" } } };
        using var response = await api.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        return response.StatusCode;
    }
}
