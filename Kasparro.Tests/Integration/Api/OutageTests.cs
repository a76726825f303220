using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json.Nodes;
using Kasparro.Api.Catalogue;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Kasparro.Tests.Integration.Api;

public sealed class OutageTests(BackingServices services)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pages_are_served_without_an_error_when_Redis_goes_or_hangs_and_comes_back(bool hangs)
    {
        await using var api = await StartAsync("--Api:CacheTimeout=00:00:00.05", "--Api:CacheRetryDelay=00:00:00.05");
        await AssertServedAsync(api, "/data?page_size=1");

        if (hangs)
        {
            api.Cache.Stall();
        }
        else
        {
            await api.Cache.CutAsync();
        }

        for (var size = 2; size < 30; size++)
        {
            await AssertServedAsync(api, $"/data?page_size={size}");
        }

        Assert.Single(api.Logs.GetSnapshot(), entry => entry.Message.StartsWith("Redis does not respond", StringComparison.Ordinal));
        AssertNoErrorLogged(api);

        if (!hangs)
        {
            api.Cache.Mend();
            var size = 30;
            await Eventually.TrueAsync(
                async () =>
                {
                    await AssertServedAsync(api, $"/data?page_size={size++}");
                    return api.Logs.GetSnapshot().Any(entry => entry.Message == "Redis responds again");
                },
                Cancellation);
        }
    }

    [Fact]
    public async Task Api_starts_and_serves_when_Redis_was_never_there()
    {
        await using var api = await StartAsync();
        await using var second = await api.StartReplicaAsync(Cancellation,
            "--ConnectionStrings:cache=127.0.0.1:1");

        await AssertServedAsync(second, "/data");
    }

    [Fact]
    public async Task Hot_pages_are_served_and_others_are_503_when_Postgres_is_gone_until_it_is_back()
    {
        await using var api = await StartAsync("--Api:MaxStaleness=00:10:00", "--Api:DatabaseTimeout=00:00:02",
            "--Api:RetryAfter=00:00:07");
        await AssertServedAsync(api, "/data");
        await api.Database.CutAsync();

        await AssertServedAsync(api, "/data");
        await AssertUnavailableAsync(api, "/data?symbol=unseen");
        await AssertUnavailableAsync(api, "/stats");

        api.Database.Mend();
        await AssertServedAsync(api, "/data?symbol=unseen");
        await AssertServedAsync(api, "/stats");
        Assert.Single(api.Logs.GetSnapshot(), entry => entry.Message.StartsWith("Requests refused with 503", StringComparison.Ordinal));
        AssertNoErrorLogged(api);
    }

    [Fact]
    public async Task Page_of_the_version_before_is_served_when_Postgres_goes_right_after_a_commit()
    {
        await using var api = await StartAsync("--Api:VersionCheckInterval=00:00:01", "--Api:MaxStaleness=00:10:00",
            "--Api:DatabaseTimeout=00:00:02");
        await AssertServedAsync(api, "/data");
        await api.KnowsAsync(await CatalogueSeed.RepriceAsync(api.Catalogue, 7, Cancellation),
            Cancellation);
        await AssertServedAsync(api, "/data?page_size=3");
        await api.Database.CutAsync();

        await AssertServedAsync(api, "/data");
        await AssertUnavailableAsync(api, "/data?symbol=unseen");
    }

    [Fact]
    public async Task Hot_page_is_503_when_Postgres_is_gone_for_longer_than_the_bound()
    {
        await using var api = await StartAsync("--Api:VersionCheckInterval=00:00:00.1", "--Api:MaxStaleness=00:00:00.5");
        await AssertServedAsync(api, "/data");
        await api.Database.CutAsync();

        await Eventually.TrueAsync(
            async () =>
            {
                using var response = await api.Client.GetAsync(new Uri("/data", UriKind.Relative), Cancellation);
                return response.StatusCode == HttpStatusCode.ServiceUnavailable;
            },
            Cancellation);

        api.Database.Mend();
        await Eventually.TrueAsync(
            async () =>
            {
                using var response = await api.Client.GetAsync(new Uri("/data", UriKind.Relative), Cancellation);
                return response.IsSuccessStatusCode;
            },
            Cancellation);
    }

    [Fact]
    public async Task Page_is_503_in_time_when_Postgres_hangs()
    {
        await using var api = await StartAsync("--Api:DatabaseTimeout=00:00:00.5");
        api.Database.Stall();

        await AssertUnavailableAsync(api, "/data");
        await AssertUnavailableAsync(api, "/stats");
    }

    /// <summary>As with a Redis without memory or disk space, or a replica: what it can still do does not end the outage.</summary>
    [Fact]
    public async Task Redis_that_reads_and_refuses_to_write_is_told_of_once()
    {
        var redis = ConfigurationOptions.Parse(services.CreateRedisDatabase());
        redis.AllowAdmin = true;
        await using (var administrator = await ConnectionMultiplexer.ConnectAsync(redis))
        {
            await administrator.GetDatabase().ExecuteAsync(
                "ACL", "SETUSER", "reader", "on", ">a-password-of-a-test", "~*", "&*", "+@all", "-set");
        }

        (redis.User, redis.Password) = ("reader", "a-password-of-a-test");
        await using var api = await ApiHarness.StartOnAsync(
            await services.CreateDatabaseAsync(Cancellation), redis.ToString(includePassword: true),
            Cancellation, "--Api:CacheRetryDelay=00:00:00.05");
        await api.ConnectedToCacheAsync(Cancellation);
        using var failures = new MetricCollector<long>(
            api.Services.GetRequiredService<IMeterFactory>(), ApiMetrics.MeterName, "kasparro.cache.failures");
        var size = 0;
        await Eventually.TrueAsync(
            async () =>
            {
                await AssertServedAsync(api, $"/data?page_size={++size}");
                return failures.GetMeasurementSnapshot().Sum(failure => failure.Value) >= 3;
            },
            Cancellation);

        Assert.Single(api.Logs.GetSnapshot(), entry => entry.Message.StartsWith("Redis does not respond", StringComparison.Ordinal));
        Assert.DoesNotContain(api.Logs.GetSnapshot(), entry => entry.Message.StartsWith("Redis responds", StringComparison.Ordinal));
    }

    // The clients of Redis and PostgreSQL write their own logs, which appsettings.json turns down.
    private static void AssertNoErrorLogged(ApiHarness api) => Assert.DoesNotContain(
        api.Logs.GetSnapshot(),
        entry => entry.Level >= LogLevel.Error
            && (entry.Category?.StartsWith("Kasparro", StringComparison.Ordinal) == true
                || entry.Category?.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) == true));

    private static async Task AssertServedAsync(ApiHarness api, string path)
    {
        using var response = await api.Client.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static async Task AssertUnavailableAsync(ApiHarness api, string path)
    {
        using var response = await api.Client.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
        var body = await response.Content.ReadAsStringAsync(Cancellation);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.ToString());
        Assert.True(response.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.Equal(503, (int)JsonNode.Parse(body)!["status"]!);
        Assert.DoesNotContain("Npgsql", body, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("127.0.0.1", body, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", body, StringComparison.Ordinal);
    }

    private async Task<ApiHarness> StartAsync(params string[] settings)
    {
        var api = await ApiHarness.StartAsync(services, Cancellation, settings);
        var version = await CatalogueSeed.CommitAsync(api.Catalogue, [CatalogueSeed.Asset(1, "A", 3)],
            Cancellation);
        await api.KnowsAsync(version, Cancellation);
        return api;
    }
}
