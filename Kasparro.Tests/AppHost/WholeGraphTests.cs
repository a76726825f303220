using System.Globalization;
using System.Net;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Kasparro.Api;
using Kasparro.ServiceDefaults;

namespace Kasparro.Tests.AppHost;

/// <summary>
/// The whole graph, as <c>make up UPSTREAMS=simulated</c> starts it: from upstreams to the answers that REST clients get.
/// </summary>
[Collection(Graphs.OneAtATime)]
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

        var bitcoin = page.GetProperty("data")[0].GetProperty("asset_id").GetGuid();
        await Eventually.TrueAsync(
            async () =>
            {
                using var logo = await api.GetAsync(new Uri($"/assets/{bitcoin}/logo", UriKind.Relative), limit.Token);
                return logo is { IsSuccessStatusCode: true, Content.Headers.ContentType.MediaType: "image/png" };
            },
            limit.Token);

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

    [Fact]
    public async Task Commit_shows_at_both_replicas_of_the_api_within_the_bound()
    {
        const int Connections = 6; // Each goes to the next replica.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(StartLimit);
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Kasparro_AppHost>(
            ["--Upstreams=simulated", "--Kasparro:Ephemeral=true"], limit.Token);
        builder.Resources.Single(resource => resource.Name == ResourceNames.Api).Annotations.Add(new ReplicaAnnotation(2));
        await using var app = await builder.BuildAsync(limit.Token);
        await app.StartAsync(limit.Token);
        await app.ResourceNotifications.WaitForResourceHealthyAsync(ResourceNames.Api, limit.Token);
        var sample = (await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "data", "sample.csv"), limit.Token)).Length - 1;

        // The file is read last; once it is shown as completed, its commit is in Postgres.
        using var api = app.CreateHttpClient(ResourceNames.Api);
        await Eventually.TrueAsync(
            async () =>
            {
                using var answer = await api.GetAsync(new Uri("/stats", UriKind.Relative), limit.Token);

                // On a machine that starts everything at once Postgres may be late: nothing is said yet.
                return answer.StatusCode is not HttpStatusCode.ServiceUnavailable
                    && (await JsonAsync(answer, limit.Token)).GetProperty("sources").TryGetProperty(SourceNames.Csv, out var csv)
                    && csv.GetProperty("status").GetString() == "completed";
            },
            limit.Token);

        using var bound = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
        bound.CancelAfter(new ApiOptions().MaxStaleness);
        for (var connection = 0; connection < Connections; connection++)
        {
            using var client = new HttpClient { BaseAddress = app.GetEndpoint(ResourceNames.Api) };
            await Eventually.TrueAsync(
                async () => (await JsonAsync(client, $"/data?source={SourceNames.Csv}", bound.Token)).GetProperty("total")
                    .GetInt32() == sample, bound.Token);
        }

        await app.StopAsync(limit.Token);
    }

    private static async Task<JsonElement> JsonAsync(HttpClient client, string route, CancellationToken cancellationToken)
    {
        using var answer = await client.GetAsync(new Uri(route, UriKind.Relative), cancellationToken);
        return await JsonAsync(answer, cancellationToken);
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        await using var body = await answer.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(cancellationToken);
        using var document = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
        return document.RootElement.Clone();
    }
}
