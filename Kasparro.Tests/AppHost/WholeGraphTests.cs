using System.Globalization;
using System.Net;
using System.Text.Json;
using Aspire.Hosting.Testing;
using Kasparro.Data;
using Kasparro.ServiceDefaults;
using Kasparro.Tests.Integration;

namespace Kasparro.Tests.AppHost;

/// <summary>The whole graph, as <c>make up UPSTREAMS=simulated</c> starts it: from upstreams to the answers that REST clients get.</summary>
public sealed class WholeGraphTests
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Every_source_lands_in_one_catalogue_that_the_api_serves()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(StartLimit);
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Kasparro_AppHost>(
            ["--Upstreams=simulated", "--Kasparro:Ephemeral=true"], limit.Token);
        await using var app = await builder.BuildAsync(limit.Token);
        await app.StartAsync(limit.Token);
        await app.ResourceNotifications.WaitForResourceHealthyAsync(ResourceNames.Api, limit.Token);
        await app.ResourceNotifications.WaitForResourceHealthyAsync(ResourceNames.Ingestion, limit.Token);
        using var api = app.CreateHttpClient(ResourceNames.Api);

        await Eventually.TrueAsync(
            async () =>
            {
                var sources = (await JsonAsync(api, "/stats", limit.Token)).GetProperty("sources");
                return SourceNames.All.All(source => sources.GetProperty(source).GetProperty("status").GetString() == "completed");
            },
            limit.Token);

        var health = await JsonAsync(api, "/health", limit.Token);
        Assert.Equal("healthy", health.GetProperty("status").GetString());
        Assert.Equal("simulated", (await JsonAsync(api, "/stats", limit.Token)).GetProperty("upstreams").GetString());

        var page = await JsonAsync(api, "/data?page=1&page_size=5", limit.Token);
        Assert.Equal(5, page.GetProperty("data").GetArrayLength());
        Assert.Equal("BTC", page.GetProperty("data")[0].GetProperty("symbol").GetString());
        Assert.InRange(page.GetProperty("data")[0].GetProperty("price_usd").GetDouble(), 1, 1e7);

        var sample = await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "data", "sample.csv"), limit.Token);
        var csv = await JsonAsync(api, $"/data?source={SourceNames.Csv}", limit.Token);
        Assert.Equal(sample.Length - 1, csv.GetProperty("total").GetInt32());
        Assert.Contains(
            csv.GetProperty("data").EnumerateArray(),
            row => row.GetProperty("price_usd").GetDouble().ToString(CultureInfo.InvariantCulture) == sample[1].Split(',')[3]);

        using var wrong = await api.GetAsync(new Uri("/data?page=0", UriKind.Relative), limit.Token);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        await app.StopAsync(limit.Token);
    }

    private static async Task<JsonElement> JsonAsync(HttpClient client, string route, CancellationToken cancellationToken)
    {
        await using var body = await client.GetStreamAsync(new Uri(route, UriKind.Relative), cancellationToken);
        using var document = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
        return document.RootElement.Clone();
    }
}
