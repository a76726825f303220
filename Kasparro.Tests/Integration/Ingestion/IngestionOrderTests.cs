using System.Net;
using System.Text.Json.Nodes;
using Kasparro.Ingestion.Postgres;
using Kasparro.Ingestion.Runs;
using Kasparro.Tests.Integration.Api;
using Microsoft.Extensions.DependencyInjection;

namespace Kasparro.Tests.Integration.Ingestion;

/// <summary>From <c>POST /ingestions</c> of the API to the worker's runs.</summary>
[Collection(IngestionCollection.Name)]
public sealed class IngestionOrderTests(BackingServices services)
{
    private const string Key = "operator-key-of-a-test-0123456789";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_order_waits_for_a_worker_and_leads_to_its_runs()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.Markets(pages: 1, size: 3);
        await using var ingestion = await IngestionHarness.CreateAsync(services, upstream.Url, Cancellation);
        await using var api = await StartApiAsync(ingestion);

        using var ordered = await OrderAsync(api, "?source=coingecko");
        using var again = await OrderAsync(api, "");

        Assert.Equal(HttpStatusCode.Accepted, ordered.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        var location = ordered.Headers.Location!.ToString();
        Assert.Null((await api.GetAsync(location, Cancellation))["taken_at"]);

        var request = await ingestion.Host.Services.GetRequiredService<IngestionOrders>().TakeNextAsync(Cancellation);
        Assert.Equal(["coingecko"], request.Sources);
        await ingestion.Host.Services.GetRequiredService<IngestionPipeline>().RunAsync(request, progress: null, Cancellation);

        var answer = await api.GetAsync(location, Cancellation);
        Assert.NotNull(answer["taken_at"]);
        var run = Assert.Single(answer["runs"]!.AsArray());
        Assert.Equal(("coingecko", "completed", 3), ((string)run!["source"]!, (string)run["status"]!, (int)run["counts"]!["read"]!));
        Assert.Equal("request", (string)(await api.GetAsync($"/runs/{(string)run["run_id"]!}", Cancellation))["run"]!["trigger"]!);
    }

    [Fact]
    public async Task A_waiting_worker_hears_an_order_and_of_two_one_takes_it()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        await using var ingestion = await IngestionHarness.CreateAsync(services, upstream.Url, Cancellation);
        await using var api = await StartApiAsync(ingestion);
        var orders = ingestion.Host.Services.GetRequiredService<IngestionOrders>();
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task<Kasparro.Ingestion.Sources.IngestionRequest>[] workers = [orders.TakeNextAsync(stopping.Token), orders.TakeNextAsync(stopping.Token)];

        using var ordered = await OrderAsync(api, "");
        var taken = await Task.WhenAny(workers);
        var id = (string)JsonNode.Parse(await ordered.Content.ReadAsStringAsync(Cancellation))!["ingestion_id"]!;
        Assert.Equal(id, (await taken).IngestionId.ToString());
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => workers.Single(worker => worker != taken));
    }

    [Fact]
    public async Task An_order_is_refused_while_a_run_runs()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        await using var ingestion = await IngestionHarness.CreateAsync(services, upstream.Url, Cancellation);
        await using var api = await StartApiAsync(ingestion);
        var lease = ingestion.Host.Services.GetRequiredService<LeaseStore>();
        var token = await lease.DrawTokenAsync(Cancellation);
        await ingestion.Host.Services.GetRequiredService<RunStore>().StartAsync(Guid.CreateVersion7(), SourceNames.CoinGecko, "schedule", "simulated", token, Cancellation);

        using var refused = await OrderAsync(api, "");

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
    }

    [Fact]
    public async Task Everything_wrong_with_an_order_is_told_at_once()
    {
        await using var api = await ApiHarness.StartAsync(services, Cancellation, $"--Operator:Key={Key}");

        using var refused = await OrderAsync(api, "?source=nobody&page=1");

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        var problem = JsonNode.Parse(await refused.Content.ReadAsStringAsync(Cancellation))!;
        Assert.Equal(["page", "source"], problem["errors"]!.AsObject().Select(error => error.Key).Order(StringComparer.Ordinal));
    }

    private Task<ApiHarness> StartApiAsync(IngestionHarness ingestion) => ApiHarness.StartOnAsync(
        ingestion.Settings["ConnectionStrings:kasparro"]!, services.RedisConnectionString, Cancellation, $"--Operator:Key={Key}");

    private static async Task<HttpResponseMessage> OrderAsync(ApiHarness api, string query)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/ingestions{query}");
        request.Headers.Add("X-Api-Key", Key);
        return await api.Client.SendAsync(request, Cancellation);
    }
}
