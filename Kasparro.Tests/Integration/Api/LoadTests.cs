using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Kasparro.Api;

namespace Kasparro.Tests.Integration.Api;

public sealed class LoadTests(BackingServices services)
{
    private const int Connections = 32;
    private const int Assets = 60;

    [Fact]
    public async Task No_answer_is_torn_or_failed_while_the_catalogue_is_written_without_a_pause()
    {
        await using var api = await StartAsync("--Api:VersionCheckInterval=00:00:00.1");
        await using var replica = await api.StartReplicaAsync(Cancellation, "--Api:VersionCheckInterval=00:00:00.1");
        var bound = new ApiOptions().MaxStaleness;
        var price = 0;
        var committed = new ConcurrentDictionary<int, long>();
        await RepriceAsync();
        await Task.WhenAll(api.KnowsAsync(price + 1, Cancellation), replica.KnowsAsync(price + 1, Cancellation));
        await LoadAsync(
            $"the catalogue written without a pause, two replicas; no page torn, none older than {bound.TotalSeconds:0} s",
            api,
            replica,
            answered: 6_000,
            RepriceAsync,
            (page, response, asked) =>
            {
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                var shown = Assert.Single(page["data"]!.AsArray().Select(row => (int)(double)row!["price_usd"]!).Distinct());
                Assert.True(
                    !committed.TryGetValue(shown + 1, out var overtaken) || Stopwatch.GetElapsedTime(overtaken, asked) <= bound,
                    "A page is older than the bound.");
            });

        foreach (var one in new[] { api, replica })
        {
            await Eventually.TrueAsync(
                async () => (double)(await one.GetAsync("/data", Cancellation))["data"]![0]!["price_usd"]! == price, Cancellation);
        }

        async Task RepriceAsync()
        {
            var version = await CatalogueSeed.RepriceAsync(api.Catalogue, price + 1, Cancellation);
            committed[++price] = Stopwatch.GetTimestamp();
            await api.AnnounceAsync(version);
        }
    }

    [Fact]
    public async Task No_request_fails_while_Redis_goes_and_comes()
    {
        await using var api = await StartAsync("--Api:CacheTimeout=00:00:00.1", "--Api:CacheRetryDelay=00:00:00.05");
        await LoadAsync(
            "Redis cut off and back, the catalogue written in between",
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
            (_, response, _) => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
    }

    [Fact]
    public async Task Answers_are_right_or_503_while_Postgres_goes_and_comes_and_all_are_right_after()
    {
        await using var api =
            await StartAsync("--Api:MaxStaleness=00:00:01", "--Api:VersionCheckInterval=00:00:00.1", "--Api:DatabaseTimeout=00:00:00.5");
        var (unavailable, unseen) = (0, 0);
        await LoadAsync(
            "Postgres cut off until the page that all ask for is too old, and back",
            api,
            api,
            answered: 6_000,
            async () =>
            {
                Volatile.Write(ref unavailable, 0);
                await api.Database.CutAsync();
                await Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref unavailable) > 0), Cancellation);
                api.Database.Mend();

                // A page that has never been requested requires PostgreSQL.
                await Eventually.TrueAsync(
                    async () => (await api.GetAsync($"/data?max_price={1_000_000 + ++unseen}", Cancellation))["data"] is not null,
                    Cancellation);
            },
            (page, response, _) =>
            {
                if (response.StatusCode is HttpStatusCode.ServiceUnavailable)
                {
                    // Counts only failures of the page that all clients request, which fails once nothing is left to serve; cold pages fail
                    // at once.
                    Interlocked.Add(ref unavailable, response.RequestMessage!.RequestUri!.Query.Length == 0 ? 1 : 0);
                    Assert.Equal(
                        (503, "application/problem+json"), ((int)page["status"]!, response.Content.Headers.ContentType!.MediaType));
                    Assert.NotNull(response.Headers.RetryAfter);
                    return;
                }

                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
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
            var pages = await Task.WhenAll(
                Enumerable.Range(0, Connections).Select(client => (client % 2 == 0 ? first : second).GetAsync(path, Cancellation)));

            Assert.Single(pages.Select(page => page["data"]!.ToJsonString()).Distinct(StringComparer.Ordinal));
            Assert.Equal(1, first.Renders.GetMeasurementSnapshot().Count + second.Renders.GetMeasurementSnapshot().Count - before);
        }
    }

    /// <summary>
    /// Requests hot and cold pages over many connections until the given number of requests was answered, while
    /// <paramref name="happening"/> is repeated.
    /// </summary>
    private static async Task LoadAsync(
        string name, ApiHarness one, ApiHarness other, int answered, Func<Task> happening,
        Action<JsonObject, HttpResponseMessage, long> check)
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
                    var asked = Stopwatch.GetTimestamp();
                    using var response =
                        await (client % 2 == 0 ? one : other).Client.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
                    Interlocked.Increment(ref response.IsSuccessStatusCode ? ref answers : ref refusals);
                    check(JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!.AsObject(), response, asked);
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
            $"{name}: {happenings} times in {clock.Elapsed.TotalSeconds:0} s under {Connections} clients; "
                + $"{answers} × 200, {refusals} × 503, nothing else"));
    }

    private async Task<ApiHarness> StartAsync(params string[] settings)
    {
        var api = await ApiHarness.StartAsync(services, Cancellation, settings);
        await api.KnowsAsync(
            await CatalogueSeed.CommitAsync(api.Catalogue,
                Enumerable.Range(1, Assets).Select(number => CatalogueSeed.Asset(number, $"A{number}", number)), Cancellation),
            Cancellation);
        return api;
    }
}
