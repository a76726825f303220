using System.Text.Json.Nodes;

namespace Kasparro.Tests.Integration.Api;

public sealed class CachingTests(BackingServices services)
{
    // So rare that within a test only announcements are noticed.
    private const string RareChecks = "--Api:VersionCheckInterval=00:01:00";
    private const string LongBound = "--Api:MaxStaleness=00:05:00";

    [Fact]
    public async Task Page_is_rendered_once_for_many_who_wait()
    {
        await using var api = await StartAsync();

        var pages = await Task.WhenAll(Enumerable.Range(0, 32)
            .Select(_ => api.GetAsync("/data?page_size=3", Cancellation)));

        Assert.Single(api.Renders.GetMeasurementSnapshot());
        Assert.Single(pages.Select(page => page["data"]!.ToJsonString()).Distinct(StringComparer.Ordinal));
        Assert.Equal(32, pages.Select(page => (string)page["request_id"]!).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Queries_that_mean_the_same_share_a_page()
    {
        await using var api = await StartAsync();

        foreach (var query in new[] { "", "?page=1", "?page_size=20&page=001", "?source=&symbol=", "?page_size=%320" })
        {
            await api.GetAsync($"/data{query}", Cancellation);
        }

        Assert.Single(api.Renders.GetMeasurementSnapshot());
    }

    [Fact]
    public async Task Commit_shows_at_once_when_it_is_announced()
    {
        await using var api = await StartAsync(RareChecks, LongBound);
        await api.SubscribedAsync(Cancellation);
        Assert.Equal(1.5, await PriceAsync(api));

        var version = await CatalogueSeed.RepriceAsync(api.Catalogue, 2.5, Cancellation);
        await api.AnnounceAsync(version);

        await Eventually.TrueAsync(async () => await PriceAsync(api) == 2.5, Cancellation);
    }

    [Fact]
    public async Task Commit_shows_by_the_clock_when_announcements_are_lost()
    {
        await using var api = await StartAsync("--Api:VersionCheckInterval=00:00:00.1");
        Assert.Equal(1.5, await PriceAsync(api));
        await api.Cache.CutAsync();

        await CatalogueSeed.RepriceAsync(api.Catalogue, 2.5, Cancellation);

        await Eventually.TrueAsync(async () => await PriceAsync(api) == 2.5, Cancellation);
    }

    [Fact]
    public async Task Announcement_that_Postgres_does_not_confirm_changes_nothing()
    {
        await using var api = await StartAsync(RareChecks, LongBound);
        await api.SubscribedAsync(Cancellation);
        Assert.Equal(1.5, await PriceAsync(api));

        await api.AnnounceAsync(long.MaxValue);
        await api.AnnounceAsync(-1);
        await api.AnnounceAsync(await CatalogueSeed.RepriceAsync(api.Catalogue, 2.5, Cancellation));

        // Announcements arrive in order, so the false ones have arrived once the true one is seen.
        await Eventually.TrueAsync(async () => await PriceAsync(api) == 2.5, Cancellation);
        Assert.Equal(2, api.Renders.GetMeasurementSnapshot().Count);
    }

    [Fact]
    public async Task Replica_finds_in_Redis_what_another_rendered()
    {
        await using var first = await StartAsync();
        await first.GetAsync("/data", Cancellation);

        // The page is sent to Redis in the background; a replica that starts too early renders its own.
        await Eventually.TrueAsync(
            async () =>
            {
                await using var replica = await first.StartReplicaAsync(Cancellation);
                var page = await replica.GetAsync("/data", Cancellation);
                Assert.Equal(3, (int)page["total"]!);
                return replica.Renders.GetMeasurementSnapshot().Count == 0;
            },
            Cancellation);
    }

    [Fact]
    public async Task Every_answer_is_of_one_version_while_the_catalogue_changes()
    {
        await using var api = await StartAsync("--Api:VersionCheckInterval=00:00:00.05");
        using var writing = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var readers = Enumerable.Range(0, 8).Select(reader => Task.Run(
            async () =>
            {
                var highest = 0.0;
                while (!writing.IsCancellationRequested)
                {
                    var page = await api.GetAsync($"/data?page_size={3 + (reader % 3)}", Cancellation);
                    var price = Assert.Single(Prices(page).Distinct());
                    Assert.True(price >= highest, $"{price} after {highest}");
                    highest = price;
                }
            },
            Cancellation)).ToList();

        for (var price = 2; price <= 40; price++)
        {
            await api.AnnounceAsync(await CatalogueSeed.RepriceAsync(api.Catalogue, price, Cancellation));
        }

        await writing.CancelAsync();
        await Task.WhenAll(readers);
        await Eventually.TrueAsync(async () => await PriceAsync(api) == 40, Cancellation);
    }

    private static IEnumerable<double> Prices(JsonObject page) => page["data"]!.AsArray().Select(row => (double)row!["price_usd"]!);

    private static async Task<double> PriceAsync(ApiHarness api) =>
        Prices(await api.GetAsync("/data", Cancellation)).First();

    private async Task<ApiHarness> StartAsync(params string[] settings)
    {
        var api = await ApiHarness.StartAsync(services, Cancellation, settings);
        var version = await CatalogueSeed.CommitAsync(
            api.Catalogue,
            [CatalogueSeed.Asset(1, "A", 3), CatalogueSeed.Asset(2, "B", 2), CatalogueSeed.Asset(3, "C", 1)],
            Cancellation);
        await api.KnowsAsync(version, Cancellation);
        return api;
    }
}
