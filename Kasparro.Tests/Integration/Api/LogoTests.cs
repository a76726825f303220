using System.Net;
using System.Net.Http.Headers;
using Kasparro.Data.Catalogue;

namespace Kasparro.Tests.Integration.Api;

/// <summary>The route of the assets' logos, which the worker has stored in the table.</summary>
public sealed class LogoTests(BackingServices services)
{
    private const string Address = "0xdac17f958d2ee523a2206206994597c13d831ec7";

    private static readonly byte[] Picture = [0x89, (byte)'P', (byte)'N', (byte)'G', 1, 2, 3];

    [Fact]
    public async Task Logo_is_served_as_a_picture_that_nothing_runs_in_and_that_is_kept_by_its_tag()
    {
        await using var api = await ApiHarness.StartAsync(services, Cancellation);
        await CatalogueSeed.CommitAsync(
            api.Catalogue,
            [
                CatalogueSeed.Asset(1, "BTC", 1e12, 64_000, "Bitcoin"),
                CatalogueSeed.Asset(3, "ETH", 1e11),
                CatalogueSeed.Listing(1, SourceNames.CoinPaprika, "BTC", 1e12, 1),
                CatalogueSeed.Listing(2, SourceNames.CoinGecko, "btc", 1e12, 1),
                CatalogueSeed.Listing(3, SourceNames.CoinGecko, "eth", 1e11, 3),
                new AssetRedirect { AssetId = CatalogueSeed.Id(2), MergedInto = CatalogueSeed.Id(1), MergedAt = CatalogueSeed.Moment },
                new AssetPlatform { ListingId = CatalogueSeed.Id(2), Platform = "ethereum", Address = Address,
                    Source = SourceNames.CoinGecko },
                new Logo
                {
                    ListingId = CatalogueSeed.Id(2),
                    Url = "https://coin-images.coingecko.com/btc.png",
                    ContentType = "image/png",
                    Content = Picture,
                    FetchedAt = CatalogueSeed.Moment,
                },
                new Logo
                {
                    ListingId = CatalogueSeed.Id(3),
                    Url = "https://coin-images.coingecko.com/eth.png",
                    DueAt = CatalogueSeed.Moment,
                    Failure = "Status 404.",
                },
            ],
            Cancellation);
        var path = $"/assets/{CatalogueSeed.Id(1)}/logo";

        using var response = await SendAsync(api, HttpMethod.Get, path);
        Assert.Equal((HttpStatusCode.OK, "image/png"), (response.StatusCode, response.Content.Headers.ContentType?.ToString()));
        Assert.Equal(Picture, await response.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal(CatalogueSeed.Moment, response.Content.Headers.LastModified);
        Assert.Equal("public, max-age=604800", response.Headers.CacheControl?.ToString());
        Assert.Equal(["nosniff"], response.Headers.GetValues("X-Content-Type-Options"));
        Assert.Equal(["default-src 'none'; sandbox"], response.Headers.GetValues("Content-Security-Policy"));

        using var unchanged = await SendAsync(api, HttpMethod.Get, path, response.Headers.ETag);
        Assert.Equal((HttpStatusCode.NotModified, response.Headers.ETag), (unchanged.StatusCode, unchanged.Headers.ETag));
        using var head = await SendAsync(api, HttpMethod.Head, path);
        Assert.Equal((HttpStatusCode.OK, (long)Picture.Length), (head.StatusCode, head.Content.Headers.ContentLength));
        using var byContract = await SendAsync(api, HttpMethod.Get, $"/assets/ethereum:{Address}/logo");
        Assert.Equal(HttpStatusCode.OK, byContract.StatusCode);
        Assert.Equal(path, (string?)(await api.GetAsync($"/assets/{CatalogueSeed.Id(1)}", Cancellation))["logo"]);

        // The test's client follows redirects.
        using var merged = await SendAsync(api, HttpMethod.Get, $"/assets/{CatalogueSeed.Id(2)}/logo");
        Assert.Equal((HttpStatusCode.OK, path), (merged.StatusCode, merged.RequestMessage!.RequestUri!.AbsolutePath));

        foreach (var none in new[] { CatalogueSeed.Id(3), CatalogueSeed.Id(9) })
        {
            using var missing = await SendAsync(api, HttpMethod.Get, $"/assets/{none}/logo");
            Assert.Equal(
                (HttpStatusCode.NotFound, "application/problem+json"),
                (missing.StatusCode, missing.Content.Headers.ContentType?.MediaType));
        }

        Assert.Null((await api.GetAsync($"/assets/{CatalogueSeed.Id(3)}", Cancellation))["logo"]);
    }

    private static async Task<HttpResponseMessage> SendAsync(
        ApiHarness api, HttpMethod method, string path, EntityTagHeaderValue? known = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (known is not null)
        {
            request.Headers.IfNoneMatch.Add(known);
        }

        return await api.Client.SendAsync(request, Cancellation);
    }
}
