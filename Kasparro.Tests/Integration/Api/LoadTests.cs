using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Kasparro.Tests.Chaos;

namespace Kasparro.Tests.Integration.Api;

public sealed class LoadTests(BackingServices services)
{
    private const int Connections = 32;
    private const int Assets = 60;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_answer_is_torn_or_failed_while_the_catalogue_is_written_without_a_pause()
    {
        await using var api = await StartAsync("--Api:VersionCheckInterval=00:00:00.1");
        await using var replica = await api.StartReplicaAsync(Cancellation, "--Api:VersionCheckInterval=00:00:00.1");
        var price = 1.5;
        await LoadAsync(
            "the catalogue written without a pause, two replicas",
            api,
            replica,
            answered: 6_000,
            async () => await api.AnnounceAsync(await CatalogueSeed.RepriceAsync(api.Catalogue, ++price, Cancellation)),
            (page, status) =>
            {
                Assert.Equal(HttpStatusCode.OK, status);
                Assert.Single(page["data"]!.AsArray().Select(row => (double)row!["price_usd"]!).Distinct());
            });

        foreach (var one in new[] { api, replica })
        {
            await Eventually.TrueAsync(
                async () => (double)(await one.GetAsync("/data", Cancellation))["data"]![0]!["price_usd"]! == price, Cancellation);
        }
    }

    [Fact]
    public async Task No_request_fails_while_Redis_goes_and_comes()
    {
        await using var api = await StartAsync("--Api:CacheTimeout=00:00:00.1", "--Api:CacheRetryDelay=00:00:00.05");
        await LoadAsync(
            "Redis cut off and back",
            api,
            api,
            answered: 6_000,
            async () =>
            {
                await api.Cache.CutAsync();
                await CatalogueSeed.RepriceAsync(api.Catalogue, 2, Cancellation);
                api.Cache.Mend();
                await api.SubscribedAsync(Cancellation);
            },
            (_, status) => Assert.Equal(HttpStatusCode.OK, status));
    }

    [Fact]
    public async Task Answers_are_right_or_503_while_Postgres_goes_and_comes_and_all_are_right_after()
    {
        await using var api = await StartAsync("--Api:MaxStaleness=00:00:01", "--Api:VersionCheckInterval=00:00:00.1", "--Api:DatabaseTimeout=00:00:00.5");
        var unavailable = 0;
        await LoadAsync(
            "Postgres cut off and back",
            api,
            api,
            answered: 6_000,
            async () =>
            {
                await api.Database.CutAsync();
                await Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref unavailable) > 0), Cancellation);
                api.Database.Mend();
                await Eventually.TrueAsync(async () => (await api.GetAsync("/data", Cancellation))["data"] is not null, Cancellation);
            },
            (page, status) =>
            {
                if (status is HttpStatusCode.ServiceUnavailable)
                {
                    Interlocked.Increment(ref unavailable);
                    Assert.Equal(503, (int)page["status"]!);
                    return;
                }

                Assert.Equal(HttpStatusCode.OK, status);
            });

        Assert.NotNull((await api.GetAsync("/data?page_size=59", Cancellation))["data"]);
    }

    [Fact]
    public async Task Page_is_rendered_once_for_all_who_wait_at_two_replicas()
    {
        await using var first = await StartAsync();
        await using var second = await first.StartReplicaAsync(Cancellation);
        await second.KnowsAsync(1, Cancellation);
        await first.ConnectedToCacheAsync(Cancellation);
        await second.ConnectedToCacheAsync(Cancellation);

        for (var size = 1; size <= 20; size++)
        {
            var before = first.Renders.GetMeasurementSnapshot().Count + second.Renders.GetMeasurementSnapshot().Count;
            var path = $"/data?page_size={size}";
            var pages = await Task.WhenAll(Enumerable.Range(0, Connections).Select(client => (client % 2 == 0 ? first : second).GetAsync(path, Cancellation)));

            Assert.Single(pages.Select(page => page["data"]!.ToJsonString()).Distinct(StringComparer.Ordinal));
            Assert.Equal(1, first.Renders.GetMeasurementSnapshot().Count + second.Renders.GetMeasurementSnapshot().Count - before);
        }
    }

    /// <summary>Asks for hot and cold pages over many connections until so many were answered, while something happens again and again.</summary>
    private static async Task LoadAsync(
        string name, ApiHarness one, ApiHarness other, int answered, Func<Task> happening, Action<JsonObject, HttpStatusCode> check)
    {
        var left = answered;
        var (answers, refusals) = (0, 0);
        var clock = Stopwatch.StartNew();
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var clients = Enumerable.Range(0, Connections).Select(client => Task.Run(
            async () =>
            {
                var random = new Random(client);
                while (Interlocked.Decrement(ref left) >= 0 || !done.IsCancellationRequested)
                {
                    var path = random.Next(3) == 0 ? $"/data?page_size={random.Next(2, 50)}&min_price=-{random.Next(100_000)}" : "/data";
                    using var response = await (client % 2 == 0 ? one : other).Client.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
                    Interlocked.Increment(ref response.IsSuccessStatusCode ? ref answers : ref refusals);
                    check(JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!.AsObject(), response.StatusCode);
                }
            },
            Cancellation)).ToList();

        var happenings = 0;
        while (Volatile.Read(ref left) > 0 || happenings < 3 || clock.Elapsed < ChaosRun.Lasting)
        {
            await happening();
            happenings++;
            if (clients.Find(client => client.IsFaulted) is { } failed)
            {
                await failed;
            }
        }

        await done.CancelAsync();
        await Task.WhenAll(clients);
        ChaosRun.Tell(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {happenings} times in {clock.Elapsed.TotalSeconds:0} s under {Connections} clients; {answers} × 200, {refusals} × 503, nothing torn, nothing else"));
    }

    private async Task<ApiHarness> StartAsync(params string[] settings)
    {
        var api = await ApiHarness.StartAsync(services, Cancellation, settings);
        await api.KnowsAsync(
            await CatalogueSeed.CommitAsync(api.Catalogue, Enumerable.Range(1, Assets).Select(number => CatalogueSeed.Asset(number, $"A{number}", number)), Cancellation),
            Cancellation);
        return api;
    }
}
