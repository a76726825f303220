using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Postgres;
using Kasparro.Ingestion.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace Kasparro.Tests.Integration.Ingestion;

/// <summary>Ingestions from <c>POST /ingestions</c> of the API to the worker's runs.</summary>
[Takes(90)]
public sealed class IngestionOrderTests(BackingServices services)
{
    private const string Key = "operator-key-of-a-test-0123456789";

    private static readonly (string, string?)[] Patient = [("Ingestion:Interval", "01:00:00"), ("Ingestion:RetryInterval", "00:00:02")];

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
        var conflict = JsonNode.Parse(await again.Content.ReadAsStringAsync(Cancellation))!;
        Assert.Equal("An ingestion is running or ordered already.", (string)conflict["detail"]!);
        var location = ordered.Headers.Location!.ToString();
        Assert.Null((await api.GetAsync(location, Cancellation))["taken_at"]);

        var request = await ingestion.Host.Services.GetRequiredService<IngestionOrderStore>().FindWaitingAsync(Cancellation);
        Assert.Equal(["coingecko"], request!.Sources);
        await ingestion.Host.Services.GetRequiredService<IngestionPipeline>().RunAsync(request, progress: null, Cancellation);

        var answer = await api.GetAsync(location, Cancellation);
        Assert.NotNull(answer["taken_at"]);
        var run = Assert.Single(answer["runs"]!.AsArray());
        Assert.Equal(("coingecko", "completed", 3), ((string)run!["source"]!, (string)run["status"]!, (int)run["counts"]!["read"]!));
        Assert.Equal("request", (string)(await api.GetAsync($"/runs/{(string)run["run_id"]!}", Cancellation))["run"]!["trigger"]!);
    }

    [Fact]
    public async Task Trace_of_an_order_leads_from_the_request_to_the_worker()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        await using var ingestion = await IngestionHarness.CreateAsync(services, upstream.Url, Cancellation);
        await using var api = await StartApiAsync(ingestion);
        var traces = new ConcurrentDictionary<string, ActivityTraceId>(StringComparer.Ordinal);
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is IngestionTelemetry.Name or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                if (span.GetTagItem("kasparro.run_id") is { } run)
                {
                    traces[$"{run}"] = span.TraceId;
                }
            },
        };
        ActivitySource.AddActivityListener(listener);

        using var asking = new Activity("a client's").Start();
        using var ordered = await OrderAsync(api, "?source=csv_source");
        asking.Stop();
        var request = await ingestion.Host.Services.GetRequiredService<IngestionOrderStore>().FindWaitingAsync(Cancellation);
        await ingestion.Host.Services.GetRequiredService<IngestionPipeline>().RunAsync(request!, progress: null, Cancellation);

        Assert.Equal(asking.TraceId, traces[await ingestion.ScalarAsync<string>("SELECT run_id::text FROM ingestion_runs", Cancellation)]);
    }

    [Fact]
    public async Task A_waiting_worker_hears_an_order_and_of_two_one_takes_it()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        await using var ingestion = await IngestionHarness.CreateAsync(services, upstream.Url, Cancellation, Patient);
        await using var first = ServiceProcess.StartWorker(ingestion.Settings);
        await RunsAsync(ingestion, "status = 'completed'", 3);
        await using var second = ServiceProcess.StartWorker(ingestion.Settings);
        await RunsAsync(ingestion, "status = 'completed'", 6); // A worker reads every source as soon as it starts.

        var id = await ingestion.Host.Services.GetRequiredService<IngestionOrderStore>().TryAddAsync(source: null, Cancellation);

        await RunsAsync(ingestion, "trigger = 'request' AND status = 'completed'", 3);
        Assert.Equal([$"{id}"],
            await ingestion.RowsAsync("SELECT DISTINCT ingestion_id FROM ingestion_runs WHERE trigger = 'request'", Cancellation));
    }

    [Fact]
    public async Task No_notification_is_lost_when_orders_come_as_fast_as_they_are_read()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        await using var ingestion = await IngestionHarness.CreateAsync(services, upstream.Url, Cancellation, Patient);
        await using var worker = ServiceProcess.StartWorker(ingestion.Settings);
        await RunsAsync(ingestion, "trigger = 'schedule' AND status = 'completed'", 3);
        var orders = ingestion.Host.Services.GetRequiredService<IngestionOrderStore>();
        for (var order = 1; order <= 10; order++)
        {
            Guid? id = null;
            await Eventually.TrueAsync(
                async () => (id = await orders.TryAddAsync(SourceNames.CoinGecko, Cancellation)) is not null, Cancellation);
            await RunsAsync(ingestion, $"ingestion_id = '{id}'", 1);
        }
    }

    [Fact]
    public async Task An_order_outlives_an_outage_of_redis_and_a_worker_that_meets_it()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        await using var ingestion = await IngestionHarness.CreateAsync(
            services, upstream.Url, Cancellation, ("Ingestion:Interval", "01:00:00"), ("Ingestion:RetryInterval", "00:00:01"));
        await using var stores = RelayedStores.Create(ingestion.Settings);
        await using var worker = ServiceProcess.StartWorker(stores.Settings);
        await RunsAsync(ingestion, "status = 'completed'", 3);
        await stores.Redis.CutAsync();

        var id = await ingestion.Host.Services.GetRequiredService<IngestionOrderStore>().TryAddAsync(source: null, Cancellation);
        await worker.WritesAsync("The ingestion could not start", Cancellation);
        await worker.AnswersAsync("/health", HttpStatusCode.ServiceUnavailable, Cancellation);
        Assert.Equal(1, await ingestion.ScalarAsync<long>("SELECT count(*) FROM ingestion_orders WHERE is_waiting", Cancellation));
        stores.Redis.Mend();

        await RunsAsync(ingestion, $"ingestion_id = '{id}' AND status = 'completed'", 3);
        await worker.AnswersAsync("/health", HttpStatusCode.OK, Cancellation);
    }

    [Fact]
    public async Task The_workers_own_route_orders_one_source_and_refuses_what_it_does_not_know()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        await using var ingestion =
            await IngestionHarness.CreateAsync(services, upstream.Url, Cancellation, [.. Patient, ("Operator:Key", Key)]);
        await using var worker = ServiceProcess.StartWorker(ingestion.Settings);
        await RunsAsync(ingestion, "trigger = 'schedule' AND status = 'completed'", 3);

        using var unknown = await OrderAsync(worker.Client, "?source=nobody");
        HttpResponseMessage? accepted = null;
        await Eventually.TrueAsync(
            async () => (accepted = await OrderAsync(worker.Client, "?source=coingecko")).StatusCode is HttpStatusCode.Accepted,
            Cancellation);
        var id = (string)JsonNode.Parse(await accepted!.Content.ReadAsStringAsync(Cancellation))!["ingestion_id"]!;

        Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
        await RunsAsync(ingestion, $"ingestion_id = '{id}' AND status = 'completed'", 1);
        Assert.Equal(["coingecko"], await ingestion.RowsAsync("SELECT source FROM ingestion_runs WHERE trigger = 'request'", Cancellation));
    }

    [Fact]
    public async Task An_order_is_refused_while_a_run_runs()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        await using var ingestion = await IngestionHarness.CreateAsync(services, upstream.Url, Cancellation);
        await using var api = await StartApiAsync(ingestion);
        var lease = ingestion.Host.Services.GetRequiredService<LeaseStore>();
        var token = await lease.DrawTokenAsync(Cancellation);
        await ingestion.Host.Services.GetRequiredService<RunStore>()
            .StartAsync(Guid.CreateVersion7(), SourceNames.CoinGecko, "schedule", "simulated", token, Cancellation);

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
        ingestion.Settings["ConnectionStrings:kasparro"]!, ingestion.Settings["ConnectionStrings:cache"]!, Cancellation,
        $"--Operator:Key={Key}");

    private static Task RunsAsync(IngestionHarness ingestion, string condition, int count) => Eventually.TrueAsync(
        async () => await ingestion.ScalarAsync<long>($"SELECT count(*) FROM ingestion_runs WHERE {condition}", Cancellation) == count,
        Cancellation);

    private static Task<HttpResponseMessage> OrderAsync(ApiHarness api, string query) => OrderAsync(api.Client, query);

    private static async Task<HttpResponseMessage> OrderAsync(HttpClient client, string query)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/ingestions{query}");
        request.Headers.Add("X-Api-Key", Key);
        return await client.SendAsync(request, Cancellation);
    }
}
