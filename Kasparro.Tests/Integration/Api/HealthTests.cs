using System.Net;
using System.Text.Json.Nodes;
using Kasparro.Data.Runs;
using Kasparro.Data.Schema;
using Npgsql;

namespace Kasparro.Tests.Integration.Api;

[Takes(40)]
public sealed class HealthTests(BackingServices services)
{
    // How long the health check waits for a silent service.
    private const string HealthTimeout = "--Api:HealthTimeout=00:00:04";

    [Fact]
    public async Task Health_is_healthy_when_every_source_completed_lately()
    {
        await using var api = await ApiHarness.StartAsync(services, Cancellation);
        await CommitAsync(api, RunStatus.Completed, RunStatus.Completed);

        var (status, health) = await GetAsync(api);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(["status", "database", "cache", "etl", "timestamp"], health.Select(part => part.Key));
        AssertHealth(health, "healthy", "healthy", "healthy", "healthy");
        Assert.EndsWith("Z", (string)health["timestamp"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RunStatus.Failed)]
    [InlineData(RunStatus.Interrupted)]
    [InlineData(RunStatus.LostLock)]
    public async Task Health_is_degraded_when_a_sources_last_run_did_not_complete(string last)
    {
        await using var api = await ApiHarness.StartAsync(services, Cancellation);
        await CommitAsync(api, RunStatus.Completed, last);

        var (status, health) = await GetAsync(api);

        Assert.Equal(HttpStatusCode.OK, status);
        AssertHealth(health, "degraded", "healthy", "healthy", "degraded");
    }

    [Theory]
    [InlineData(RunStatus.Cancelled)]
    [InlineData(RunStatus.Running)]
    public async Task Health_looks_past_a_run_that_was_stopped_or_still_runs(string last)
    {
        await using var api = await ApiHarness.StartAsync(services, Cancellation);
        await CommitAsync(api, RunStatus.Completed, last);

        var (_, health) = await GetAsync(api);

        AssertHealth(health, "healthy", "healthy", "healthy", "healthy");
    }

    /// <summary>A replay reads no source, and a run that ended in the future belongs to a clock that ran ahead.</summary>
    [Theory]
    [InlineData(RunStatus.Failed, -48, RunTrigger.Replay)]
    [InlineData(RunStatus.Completed, 20_000, RunTrigger.Replay)]
    [InlineData(RunStatus.Completed, -48, RunTrigger.Replay)]
    public async Task Health_is_degraded_whatever_else_completed_since(string last, int hours, string trigger)
    {
        await using var api = await ApiHarness.StartAsync(services, Cancellation);
        var now = TimeProvider.System.GetUtcNow();
        await CatalogueSeed.CommitAsync(
            api.Catalogue,
            [
                CatalogueSeed.Run(SourceNames.CoinGecko, last, now.AddHours(hours), TimeSpan.FromSeconds(1), 3),
                CatalogueSeed.Run(
                    SourceNames.CoinGecko, RunStatus.Completed, now.AddSeconds(-2), TimeSpan.FromSeconds(1), 0,
                    trigger: trigger),
            ],
            Cancellation);

        var (_, health) = await GetAsync(api);

        AssertHealth(health, "degraded", "healthy", "healthy", "degraded");
    }

    [Fact]
    public async Task Service_is_not_ready_before_the_newest_migration_is_applied()
    {
        await using var api = await ApiHarness.StartAsync(services, Cancellation);
        await using var catalogue = NpgsqlDataSource.Create(api.Catalogue);
        await RenameMigrationAsync(SchemaMigrator.NewestMigration, "20260101000000_Earlier");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await GetReadyAsync());
        await RenameMigrationAsync("20260101000000_Earlier", SchemaMigrator.NewestMigration);
        Assert.Equal(HttpStatusCode.OK, await GetReadyAsync());

        async Task<HttpStatusCode> GetReadyAsync()
        {
            using var response =
                await api.Client.GetAsync(new Uri("/health/ready", UriKind.Relative), Cancellation);
            return response.StatusCode;
        }

        async Task RenameMigrationAsync(string from, string to)
        {
            await using var command =
                catalogue.CreateCommand("UPDATE \"__EFMigrationsHistory\" SET migration_id = $2 WHERE migration_id = $1");
            command.Parameters.Add(new() { Value = from });
            command.Parameters.Add(new() { Value = to });
            Assert.Equal(1, await command.ExecuteNonQueryAsync(Cancellation));
        }
    }

    [Fact]
    public async Task Health_is_degraded_when_nothing_ran_yet()
    {
        await using var api = await ApiHarness.StartAsync(services, Cancellation);

        var (status, health) = await GetAsync(api);

        Assert.Equal(HttpStatusCode.OK, status);
        AssertHealth(health, "degraded", "healthy", "healthy", "degraded");
    }

    [Fact]
    public async Task Health_is_degraded_when_the_last_completed_run_is_too_old()
    {
        await using var api = await ApiHarness.StartAsync(services, Cancellation, "--Api:EtlMaxAge=00:05:00");
        await CatalogueSeed.CommitAsync(
            api.Catalogue,
            [CatalogueSeed.Run(SourceNames.Csv, RunStatus.Completed, DateTimeOffset.UtcNow.AddMinutes(-7), TimeSpan.FromMinutes(1), 1)],
            Cancellation);

        var (_, health) = await GetAsync(api);

        AssertHealth(health, "degraded", "healthy", "healthy", "degraded");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Health_is_degraded_when_the_cache_is_gone_or_silent(bool isSilent)
    {
        await using var api = await ApiHarness.StartAsync(services, Cancellation, HealthTimeout);
        await CommitAsync(api, RunStatus.Completed, RunStatus.Completed);
        await GetAsync(api);
        await TakeAwayAsync(api.Cache, isSilent);

        await AssertBecomesAsync(api, HttpStatusCode.OK, "degraded", "healthy", "unhealthy", "healthy");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Health_is_503_when_the_database_is_gone_or_silent(bool isSilent)
    {
        await using var api = await ApiHarness.StartAsync(services, Cancellation, HealthTimeout);
        await GetAsync(api);
        await TakeAwayAsync(api.Database, isSilent);

        await AssertBecomesAsync(api, HttpStatusCode.ServiceUnavailable, "unhealthy", "unhealthy", "healthy", "unhealthy");
        Assert.Equal(
            "Healthy", await api.Client.GetStringAsync(new Uri("/alive", UriKind.Relative), Cancellation));
    }

    private static Task CommitAsync(ApiHarness api, string first, string last)
    {
        var now = DateTimeOffset.UtcNow;
        return CatalogueSeed.CommitAsync(
            api.Catalogue,
            [
                .. SourceNames.All.Select(source => CatalogueSeed.Run(source, first, now.AddMinutes(-3), TimeSpan.FromMinutes(1), 1)),
                CatalogueSeed.Run(
                    SourceNames.CoinGecko, last, now.AddMinutes(-1), last == RunStatus.Running ? null : TimeSpan.FromSeconds(1), 1),
            ],
            Cancellation);
    }

    private static async Task TakeAwayAsync(TcpRelay relay, bool isSilent)
    {
        if (isSilent)
        {
            relay.Stall();
        }
        else
        {
            await relay.CutAsync();
        }
    }

    private static async Task<(HttpStatusCode Status, JsonObject Health)> GetAsync(ApiHarness api)
    {
        using var response = await api.Client.GetAsync(new Uri("/health", UriKind.Relative), Cancellation);
        return (response.StatusCode,
            JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!.AsObject());
    }

    // While all the other tests run, a service that still responds may be late once.
    private static async Task AssertBecomesAsync(
        ApiHarness api, HttpStatusCode status, string overall, string database, string cache, string etl)
    {
        (HttpStatusCode Status, string, string, string, string) expected = (status, overall, database, cache, etl);
        (HttpStatusCode Status, string, string, string, string) last = default;
        try
        {
            await Eventually.TrueAsync(
                async () =>
                {
                    var (code, health) = await GetAsync(api);
                    var (said, ofDatabase, ofCache, ofEtl) = GetParts(health);
                    last = (code, said, ofDatabase, ofCache, ofEtl);
                    return last == expected;
                },
                Cancellation);
        }
        catch (OperationCanceledException)
        {
            Assert.Equal(expected, last);
        }
    }

    private static void AssertHealth(JsonObject health, string status, string database, string cache, string etl) =>
        Assert.Equal((status, database, cache, etl), GetParts(health));

    private static (string Status, string Database, string Cache, string Etl) GetParts(JsonObject health) =>
        ((string)health["status"]!, (string)health["database"]!, (string)health["cache"]!, (string)health["etl"]!);
}
