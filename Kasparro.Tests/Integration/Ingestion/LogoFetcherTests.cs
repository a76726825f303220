using System.Globalization;
using Kasparro.Ingestion.Logos;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Kasparro.Tests.Integration.Ingestion;

/// <summary>Logos on the way from a source's URL to the table that the API reads.</summary>
public sealed class LogoFetcherTests(BackingServices services)
{
    private const string Host = "coin-images.coingecko.com";
    private const string Table = """
        SELECT external_id, content_type, length(content), failure, due_at IS NULL FROM listings JOIN logos USING (listing_id)
        ORDER BY external_id
        """;

    private static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a, 1];
    private static readonly byte[] Gif = [.. "GIF89a"u8, 1];

    private readonly LaterClock _time = new();

    [Fact]
    public async Task Each_logo_is_fetched_once_and_what_is_none_is_left_alone_for_a_day()
    {
        await using var upstream = await StartAsync();
        OnPicture(upstream, "good.png", Png);
        OnPicture(upstream, "typed-wrongly.png", Gif, "text/html");
        OnPicture(upstream, "html.png", [.. "<html><script>alert(1)</script></html>"u8]);
        OnPicture(upstream, "drawing.svg", [.. "<svg xmlns='http://www.w3.org/2000/svg'/>"u8], "image/svg+xml");
        OnPicture(upstream, "large.png", [.. Png, .. new byte[2_000]]);
        upstream.OnStatus(GetPath("gone.png"), StatusCodes.Status404NotFound);
        upstream.On(GetPath("moved.png"), context =>
        {
            context.Response.Redirect(GetPath("good.png"));
            return Task.CompletedTask;
        });
        OnCoins(
            upstream,
            ("good", Url("good.png")), ("typed-wrongly", Url("typed-wrongly.png")), ("html", Url("html.png")),
            ("drawing", Url("drawing.svg")), ("large", Url("large.png")), ("gone", Url("gone.png")), ("moved", Url("moved.png")),
            ("other-host", "https://logos.example/a.png"), ("other-port", $"https://{Host}:8443/a.png"),
            ("unencrypted", $"http://{Host}/a.png"), ("none", "missing_large.png"));
        await using var ingestion = await CreateAsync(upstream, ("Logos:MaxBytes", "1024"));

        Assert.True((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Succeeded);
        var version = await ingestion.ScalarAsync<long>("SELECT version FROM catalogue_state", Cancellation);
        await FetchAsync(ingestion);

        Assert.Equal(
            [
                "drawing | null | null | Not a PNG, JPEG, GIF or WebP image, but 41 bytes of something else. | False",
                "gone | null | null | Status 404. | False",
                "good | image/png | 9 | null | True",
                "html | null | null | Not a PNG, JPEG, GIF or WebP image, but 38 bytes of something else. | False",
                "large | null | null | More than 1024 bytes. | False",
                "moved | null | null | Status 302. | False",
                "other-host | null | null | logos.example is not among Logos:Hosts. | False",
                "other-port | null | null | Not a URL of the form https://host/path. | False",
                "typed-wrongly | image/gif | 7 | null | True",
            ],
            await ingestion.RowsAsync(Table, Cancellation));
        Assert.Equal(7, Pictures(upstream).Count);
        Assert.Equal(
            [string.Create(CultureInfo.InvariantCulture, $"{version + 1} | 2")],
            await ingestion.RowsAsync("SELECT version, count FROM catalogue_changes ORDER BY version DESC LIMIT 1", Cancellation));

        // A new price does not mean a new logo.
        _time.Advance(TimeSpan.FromHours(23));
        OnCoins(upstream, ("good", Url("good.png")), ("gone", Url("gone.png")));
        Assert.True((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Succeeded);
        await FetchAsync(ingestion);
        Assert.Equal(7, Pictures(upstream).Count);

        _time.Advance(TimeSpan.FromHours(2));
        await FetchAsync(ingestion);
        Assert.Equal(
            ["drawing.svg", "gone.png", "html.png", "large.png", "moved.png"], Pictures(upstream).Skip(7).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Another_URL_brings_another_logo_and_none_takes_it_away()
    {
        await using var upstream = await StartAsync();
        OnPicture(upstream, "one.png", Png);
        OnPicture(upstream, "two.gif", Gif);
        OnCoins(upstream, ("changed", Url("one.png")), ("dropped", Url("one.png")));
        await using var ingestion = await CreateAsync(upstream);
        await IngestAndFetchAsync();

        OnCoins(upstream, ("changed", Url("two.gif")), ("dropped", "missing_large.png"));
        Assert.True((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Succeeded);
        Assert.Equal(["changed | image/png | 9 | null | False"], await ingestion.RowsAsync(Table, Cancellation));
        await FetchAsync(ingestion);

        Assert.Equal(["changed | image/gif | 7 | null | True"], await ingestion.RowsAsync(Table, Cancellation));

        async Task IngestAndFetchAsync()
        {
            Assert.True((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Succeeded);
            await FetchAsync(ingestion);
            Assert.Equal(
                ["changed | image/png | 9 | null | True", "dropped | image/png | 9 | null | True"],
                await ingestion.RowsAsync(Table, Cancellation));
        }
    }

    [Fact]
    public async Task Several_workers_at_once_request_each_logo_once()
    {
        await using var upstream = await StartAsync();
        var coins = Enumerable.Range(1, 100).Select(number => string.Create(CultureInfo.InvariantCulture, $"coin-{number}")).ToList();
        coins.ForEach(coin => OnPicture(upstream, $"{coin}.png", Png));
        OnCoins(upstream, [.. coins.Select(coin => (coin, Url($"{coin}.png")))]);
        await using var ingestion = await CreateAsync(upstream);
        await using var other = IngestionHarness.Create(ingestion.Settings);
        Assert.True((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Succeeded);

        await Task.WhenAll(FetchAsync(ingestion), FetchAsync(ingestion), FetchAsync(other), FetchAsync(other));

        Assert.Equal(coins.Select(coin => $"{coin}.png").Order(StringComparer.Ordinal), Pictures(upstream).Order(StringComparer.Ordinal));
        Assert.Equal(100, await ingestion.ScalarAsync<long>("SELECT count(content) FROM logos", Cancellation));
    }

    [Fact]
    public async Task Host_that_does_not_respond_is_left_alone_and_so_are_the_other_logos()
    {
        await using var upstream = await StartAsync();
        upstream.OnStatus(GetPath("one.png"), StatusCodes.Status503ServiceUnavailable);
        upstream.OnStatus(GetPath("two.png"), StatusCodes.Status503ServiceUnavailable);
        OnCoins(upstream, ("one", Url("one.png")), ("two", Url("two.png")));
        await using var ingestion = await CreateAsync(upstream);
        Assert.True((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Succeeded);

        Assert.Equal(TimeSpan.FromMinutes(1), await FetchAsync(ingestion));

        Assert.Single(Pictures(upstream).Distinct(StringComparer.Ordinal));
        Assert.Equal(1, await ingestion.ScalarAsync<long>("SELECT count(failure) FROM logos", Cancellation));
    }

    [Fact]
    public async Task What_was_stored_before_a_stop_is_announced_all_the_same()
    {
        await using var upstream = await StartAsync();
        using var stop = new CancellationTokenSource();
        OnPicture(upstream, "first.png", Png);
        upstream.On(GetPath("second.png"), _ => stop.CancelAsync());
        OnCoins(upstream, ("first", Url("first.png")), ("second", Url("second.png")));
        await using var ingestion = await CreateAsync(upstream);
        Assert.True((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Succeeded);
        await ingestion.ExecuteAsync(
            "UPDATE listings SET rank = 2 WHERE external_id = 'second'", Cancellation); // The best rank is fetched first.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => ingestion.Host.Services.GetRequiredService<LogoFetcher>().FetchDueAsync(stop.Token));

        Assert.Equal(
            ["first"],
            await ingestion.RowsAsync(
                """
                SELECT l.external_id FROM (SELECT unnest(asset_ids) AS asset_id FROM catalogue_changes ORDER BY version DESC LIMIT 1) AS c
                JOIN listings AS l USING (asset_id) JOIN logos AS g USING (listing_id) WHERE g.content IS NOT NULL
                """,
                Cancellation));
        Assert.Equal(
            1, await ingestion.ScalarAsync<int>("SELECT count FROM catalogue_changes ORDER BY version DESC LIMIT 1", Cancellation));
    }

    [Fact]
    public async Task Switched_off_the_worker_fetches_none_and_removes_those_that_it_had()
    {
        await using var upstream = await StartAsync();
        OnPicture(upstream, "one.png", Png);
        OnCoins(upstream, ("one", Url("one.png")));
        await using var ingestion = await CreateAsync(upstream);
        await using var off = IngestionHarness.Create(ingestion.Settings, ("Logos:Enabled", "false"));
        await using var offline = IngestionHarness.Create(ingestion.Settings, ("Logos:Origin", null));
        Assert.True((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Succeeded);

        await FetchAsync(offline); // Simulated upstreams without an origin for logos: no external host is called.
        Assert.Equal(["one | null | null | null | False"], await ingestion.RowsAsync(Table, Cancellation));
        await FetchAsync(ingestion);
        Assert.Equal(["one | image/png | 9 | null | True"], await ingestion.RowsAsync(Table, Cancellation));
        await FetchAsync(off);
        await FetchAsync(off);

        Assert.Equal(["one | null | null | null | False"], await ingestion.RowsAsync(Table, Cancellation));
        Assert.Single(Pictures(upstream));
    }

    private static async Task<StubUpstream> StartAsync()
    {
        var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        return upstream;
    }

    private Task<IngestionHarness> CreateAsync(StubUpstream upstream, params (string Key, string? Value)[] overrides) =>
        IngestionHarness.CreateAsync(
            services,
            upstream.Url,
            Cancellation,
            builder => builder.Services.AddSingleton<TimeProvider>(_time),
            [
                ("Logos:Origin", $"{upstream.Url}logos/"), ("Logos:RequestsPerMinute", "0"), ("Sources:CoinGecko:PageSize", "250"),
                .. overrides,
            ]);

    private static Task<TimeSpan?> FetchAsync(IngestionHarness ingestion) =>
        ingestion.Host.Services.GetRequiredService<LogoFetcher>().FetchDueAsync(Cancellation);

    private static string Url(string file) => $"https://{Host}/coins/images/{file}?1696501400";

    private static string GetPath(string file) => $"/logos/{Host}/coins/images/{file}";

    private static void OnPicture(StubUpstream upstream, string file, byte[] content, string type = "image/png") =>
        upstream.On(GetPath(file), context =>
        {
            context.Response.ContentType = type;
            return context.Response.Body.WriteAsync(content, context.RequestAborted).AsTask();
        });

    /// <summary>Sets CoinGecko's market page to these coins, with current prices.</summary>
    private void OnCoins(StubUpstream upstream, params (string Id, string Image)[] coins)
    {
        var (price, at) = (_time.GetUtcNow().ToUnixTimeSeconds(), _time.GetUtcNow().UtcDateTime);
        upstream.OnJson(StubUpstream.Market(1), $"[{string.Join(',', coins.Select(coin => string.Create(CultureInfo.InvariantCulture, $$"""
            {"id":"{{coin.Id}}","symbol":"{{coin.Id}}","name":"{{coin.Id}}","image":"{{coin.Image}}","current_price":{{price}},
             "market_cap":1000,"market_cap_rank":1,"total_volume":5,"last_updated":"{{at:O}}"}
            """)))}]");
    }

    private static List<string> Pictures(StubUpstream upstream) =>
        [.. upstream.Requests.Where(path => path.StartsWith("/logos/", StringComparison.Ordinal))
            .Select(path => path.Split('/')[^1].Split('?')[0])];

    /// <summary>A clock that runs normally and that the test can advance by days.</summary>
    private sealed class LaterClock : TimeProvider
    {
        private TimeSpan _later;

        public void Advance(TimeSpan by) => _later += by;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _later;
    }
}
