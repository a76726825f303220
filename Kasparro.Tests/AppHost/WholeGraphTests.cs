using System.Globalization;
using System.Net;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Kasparro.Api;
using Kasparro.ServiceDefaults;

namespace Kasparro.Tests.AppHost;

/// <summary>
/// The whole graph, as started by <c>make up UPSTREAMS=simulated</c>, with two replicas of the API: from the upstreams to the responses
/// that REST clients receive.
/// </summary>
[Collection(Graphs.OneAtATime)]
public sealed class WholeGraphTests
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Every_source_lands_in_one_catalogue_that_both_replicas_serve_within_the_bound()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(StartLimit);
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Kasparro_AppHost>(
            ["--Upstreams=simulated", "--Kasparro:Ephemeral=true"], limit.Token);
        builder.Resources.Single(resource => resource.Name == ResourceNames.Api).Annotations.Add(new ReplicaAnnotation(2));
        await using var app = await builder.BuildAsync(limit.Token);
        await app.StartAsync(limit.Token);
        await app.ResourceNotifications.WaitForResourceHealthyAsync(ResourceNames.Api, limit.Token);
        var sample = await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "data", "sample.csv"), limit.Token);

        // The CSV file is read last; once its status is completed, its commit is in PostgreSQL.
        using var api = app.CreateHttpClient(ResourceNames.Api);
        await Eventually.TrueAsync(
            async () => (await GraphJson.GetAsync(api, "/stats", limit.Token)).GetProperty("sources")
                .TryGetProperty(SourceNames.Csv, out var csv) && csv.GetProperty("status").GetString() == "completed",
            limit.Token);
        await AssertShownWithinTheBoundAsync(app, sample.Length - 1, limit.Token);

        var ingestion = await app.ResourceNotifications.WaitForResourceHealthyAsync(ResourceNames.Ingestion, limit.Token);
        var arguments = ingestion.Snapshot.Properties.Single(property => property.Name == "executable.args").Value;
        Assert.EndsWith( // Not "run": services start from the build output.
            "Kasparro.Ingestion.dll", Assert.IsType<IEnumerable<string>>(arguments, exactMatch: false).First(), StringComparison.Ordinal);
        await AssertCatalogueAsync(api, sample, limit.Token);
        await app.StopAsync(limit.Token);
    }

    private static async Task AssertShownWithinTheBoundAsync(
        DistributedApplication app, int expected, CancellationToken cancellationToken)
    {
        const int Connections = 6; // Each one reaches the next replica.
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(new ApiOptions().MaxStaleness);
        for (var connection = 0; connection < Connections; connection++)
        {
            using var client = new HttpClient { BaseAddress = app.GetEndpoint(ResourceNames.Api) };
            await Eventually.TrueAsync(
                async () => (await GraphJson.GetAsync(client, $"/data?source={SourceNames.Csv}", bound.Token)).GetProperty("total")
                    .GetInt32() == expected, bound.Token);
        }
    }

    private static async Task AssertCatalogueAsync(HttpClient api, string[] sample, CancellationToken cancellationToken)
    {
        await Eventually.TrueAsync(
            async () =>
            {
                var sources = (await GraphJson.GetAsync(api, "/stats", cancellationToken)).GetProperty("sources");
                return SourceNames.All.All(source => sources.GetProperty(source).GetProperty("status").GetString() == "completed");
            },
            cancellationToken);
        await Eventually.TrueAsync(
            async () => (await GraphJson.GetAsync(api, "/health", cancellationToken)).GetProperty("status").GetString() == "healthy",
            cancellationToken);
        Assert.Equal("simulated", (await GraphJson.GetAsync(api, "/stats", cancellationToken)).GetProperty("upstreams").GetString());

        var page = await GraphJson.GetAsync(api, "/data?page=1&page_size=5", cancellationToken);
        Assert.Equal(5, page.GetProperty("data").GetArrayLength());
        Assert.Equal("BTC", page.GetProperty("data")[0].GetProperty("symbol").GetString());
        Assert.InRange(page.GetProperty("data")[0].GetProperty("price_usd").GetDouble(), 1, 1e7);

        var bitcoin = page.GetProperty("data")[0].GetProperty("asset_id").GetGuid();
        await Eventually.TrueAsync(
            async () =>
            {
                using var logo = await api.GetAsync(new Uri($"/assets/{bitcoin}/logo", UriKind.Relative), cancellationToken);
                return logo is { IsSuccessStatusCode: true, Content.Headers.ContentType.MediaType: "image/png" };
            },
            cancellationToken);

        var csv = await GraphJson.GetAsync(api, $"/data?source={SourceNames.Csv}", cancellationToken);
        Assert.Equal(sample.Length - 1, csv.GetProperty("total").GetInt32());
        Assert.Contains(
            csv.GetProperty("data").EnumerateArray(),
            row => row.GetProperty("price_usd").GetDouble().ToString(CultureInfo.InvariantCulture) == sample[1].Split(',')[3]);

        using var wrong = await api.GetAsync(new Uri("/data?page=0", UriKind.Relative), cancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }
}
