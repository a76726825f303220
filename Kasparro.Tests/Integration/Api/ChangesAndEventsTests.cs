using System.Globalization;
using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using Kasparro.Data.Catalogue;
using Kasparro.Data.Runs;

namespace Kasparro.Tests.Integration.Api;

/// <summary>The routes for clients that keep a copy up to date: <c>/changes</c> and <c>/events</c>.</summary>
public sealed class ChangesAndEventsTests(BackingServices services) : ApiFixture(services)
{
    private long _seeded;

    protected override string[] Settings => ["--Api:HeartbeatInterval=00:00:00.200"];

    [Fact]
    public async Task Changes_tell_what_each_version_moved_and_where_to_go_on()
    {
        var version = await CatalogueSeed.CommitAsync(
            Api.Catalogue,
            [
                CatalogueSeed.Asset(3, "NEW", 1),
                new AssetRedirect { AssetId = CatalogueSeed.Id(9), MergedInto = CatalogueSeed.Id(3), MergedAt = CatalogueSeed.Moment },
            ],
            Cancellation);
        await ExecuteAsync($"UPDATE catalogue_changes SET asset_ids = asset_ids || '{CatalogueSeed.Id(9)}'::uuid, count = 2 WHERE " +
            $"version = {version}");

        var first = await Api.GetAsync("/changes?since=0&limit=2", Cancellation);
        Assert.Equal((_seeded, version, true), (ParseVersion(first["next_since"]!), (long)first["version"]!, (bool)first["has_more"]!));
        Assert.Equal(["BTC", "NaN"], first["changed"]!.AsArray().Select(asset => (string)asset!["symbol"]!));

        var second = await Api.GetAsync($"/changes?since={first["next_since"]}", Cancellation);
        Assert.Equal((version, false), (ParseVersion(second["next_since"]!), (bool)second["has_more"]!));
        Assert.Equal("NEW", (string)second["changed"]!.AsArray().Single()!["symbol"]!);
        Assert.Equal(
            $$"""[{"asset_id":"{{CatalogueSeed.Id(9)}}","merged_into":"{{CatalogueSeed.Id(3)}}"}]""", second["removed"]!.ToJsonString());

        var last = await Api.GetAsync($"/changes?since={second["next_since"]}", Cancellation);
        Assert.Equal((version, false, 0), (ParseVersion(last["next_since"]!), (bool)last["has_more"]!, last["changed"]!.AsArray().Count));
    }

    [Fact]
    public async Task Changes_that_are_no_longer_noted_are_gone()
    {
        var seeded = await SinceAsync();
        var version = await CatalogueSeed.RepriceAsync(Api.Catalogue, 1, Cancellation);
        var repriced = await SinceAsync();
        await CatalogueSeed.RepriceAsync(Api.Catalogue, 2, Cancellation);
        await ExecuteAsync($"DELETE FROM catalogue_changes WHERE version <= {_seeded}");

        Assert.Equal(HttpStatusCode.Gone, (await Api.GetProblemAsync("/changes?since=0", Cancellation)).Status);
        Assert.Equal(HttpStatusCode.Gone, (await Api.GetProblemAsync($"/changes?since={seeded}", Cancellation)).Status);
        Assert.Equal((HttpStatusCode.BadRequest, "since"), await Api.GetProblemAsync($"/changes?since={version}", Cancellation));
        Assert.Equal((HttpStatusCode.BadRequest, "since"), await Api.GetProblemAsync("/changes", Cancellation));
        Assert.Equal(
            (HttpStatusCode.BadRequest, "limit,page,since"),
            await Api.GetProblemAsync("/changes?since=-1&limit=0&page=1", Cancellation));
        Assert.Equal(2, (await Api.GetAsync($"/changes?since={repriced}", Cancellation))["changed"]!.AsArray().Count);
    }

    [Fact]
    public async Task Events_tell_of_versions_and_runs_and_resume_where_they_stopped()
    {
        await using var events = await ListenAsync(lastEventId: null);
        var first = await events.NextAsync("catalogue");
        Assert.Equal(_seeded, (long)JsonNode.Parse(first.Data)!["version"]!);
        await events.NextAsync("heartbeat");

        var version = await CatalogueSeed.CommitAsync(
            Api.Catalogue,
            [CatalogueSeed.Asset(3, "NEW", 1), CatalogueSeed.Run(SourceNames.Csv, RunStatus.Running, DateTimeOffset.UtcNow, null, 5)],
            Cancellation);
        await Api.AnnounceAsync(version);
        var second = await events.NextAsync("catalogue");
        Assert.Equal(version, (long)JsonNode.Parse(second.Data)!["version"]!);
        var run = await events.NextAsync("run");
        Assert.Equal("running", (string)JsonNode.Parse(run.Data)!["status"]!);

        await ExecuteAsync("UPDATE ingestion_runs SET status = 'completed', finished_at = now() + interval '1 second'");
        await using var resumed = await ListenAsync(run.EventId);
        string status;
        do
        {
            // A running ingestion is sent to every new client, as of the API's last check.
            status = (string)JsonNode.Parse((await resumed.NextAsync("run")).Data)!["status"]!;
        }
        while (status == "running");
        Assert.Equal("completed", status);
        Assert.DoesNotContain("catalogue", resumed.Seen);
    }

    [Fact]
    public async Task Client_that_has_missed_nothing_is_connected_long_before_the_first_heartbeat_is_due()
    {
        await using var api = await Api.StartReplicaAsync(Cancellation, "--Api:HeartbeatInterval=00:05:00");
        await using var events = await ListenAsync(lastEventId: null);
        var newest = await events.NextAsync("catalogue");

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/events", UriKind.Relative))
        {
            Headers = { { "Last-Event-ID", newest.EventId } },
        };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        using var response = await api.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Events_of_a_catalogue_that_is_away_are_unavailable()
    {
        await using var api = await Api.StartReplicaAsync(Cancellation, "--Api:DatabaseTimeout=00:00:00.5");
        await api.Database.CutAsync();

        using var response = await api.Client.GetAsync(
            new Uri("/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancellation);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5000)]
    public async Task Changes_pages_have_no_more_items_than_limit_and_together_all_of_them(int limit)
    {
        await CatalogueSeed.CommitAsync(Api.Catalogue, Enumerable.Range(10, 7)
            .Select(number => CatalogueSeed.Asset(number, $"S{number}", number)), Cancellation);
        await CatalogueSeed.RepriceAsync(Api.Catalogue, 3, Cancellation);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var page = await Api.GetAsync($"/changes?since=0&limit={limit}", Cancellation);
        while (true)
        {
            Assert.InRange(page["changed"]!.AsArray().Count + page["removed"]!.AsArray().Count, 1, limit);
            seen.UnionWith(page["changed"]!.AsArray().Select(asset => (string)asset!["symbol"]!));
            Assert.All(page["changed"]!.AsArray(), asset => Assert.True(asset!.AsObject().ContainsKey("volume_24h")));
            if (!(bool)page["has_more"]!)
            {
                break;
            }

            page = await Api.GetAsync($"/changes?since={page["next_since"]}&limit={limit}", Cancellation);
        }

        Assert.Equal(9, seen.Count);
        Assert.Equal(await SinceAsync(), (string)page["next_since"]!);
    }

    [Fact]
    public async Task Changes_show_what_arrives_late_and_updated_since_says_that_it_may_not()
    {
        var since = await SinceAsync();
        await CatalogueSeed.CommitAsync(Api.Catalogue,
            [CatalogueSeed.Asset(3, "LATE", 1, updatedAt: CatalogueSeed.Moment.AddMinutes(-20))], Cancellation);

        Assert.Equal("LATE", (string)(await Api.GetAsync($"/changes?since={since}", Cancellation))["changed"]!.AsArray()
            .Single()!["symbol"]!);
        var document = await Api.GetAsync("/openapi/v1.json", Cancellation);
        foreach (var path in new[] { "/data", "/export" })
        {
            var parameter = document["paths"]![path]!["get"]!["parameters"]!.AsArray()
                .Single(parameter => (string)parameter!["name"]! == "updated_since")!;
            Assert.Contains("/changes", (string)parameter["description"]!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Versions_that_only_the_search_moved_lead_on_too()
    {
        await ExecuteAsync("UPDATE assets SET name = 'Renamed' WHERE symbol = 'BTC'; SELECT refresh_asset_search()");
        var since = await SinceAsync();
        await CatalogueSeed.RepriceAsync(Api.Catalogue, 9, Cancellation);

        Assert.Equal(2, (await Api.GetAsync($"/changes?since={since}", Cancellation))["changed"]!.AsArray().Count);
    }

    [Fact]
    public async Task Cursor_of_another_history_is_gone_also_once_its_number_is_reached_again()
    {
        var behind = await SinceAsync();
        string ahead;
        await using (var events = await ListenAsync(lastEventId: null))
        {
            await events.NextAsync("catalogue");
            await CatalogueSeed.RepriceAsync(Api.Catalogue, 1, Cancellation);
            ahead = await SinceAsync();
        }

        for (var restore = 1; restore <= 2; restore++)
        {
            // The state after a dump was restored: the older rows and the older version.
            await ExecuteAsync(
                $"UPDATE catalogue_state SET (version, changed_at) = (SELECT version, changed_at FROM catalogue_changes WHERE version = " +
                $"{_seeded}); "
                + $"DELETE FROM catalogue_changes WHERE version > {_seeded}");
            Assert.Equal(HttpStatusCode.Gone, (await Api.GetProblemAsync($"/changes?since={ahead}", Cancellation)).Status);
            Assert.Equal(HttpStatusCode.Gone, await StatusOfEventsAsync($"{ahead}-0"));

            await CatalogueSeed.RepriceAsync(Api.Catalogue, 1 + restore, Cancellation);
            await CatalogueSeed.RepriceAsync(Api.Catalogue, 2 + restore, Cancellation);
            Assert.Equal(HttpStatusCode.Gone, (await Api.GetProblemAsync($"/changes?since={ahead}", Cancellation)).Status);
            Assert.Equal(HttpStatusCode.Gone, await StatusOfEventsAsync($"{ahead}-0"));
            Assert.Equal(2, (await Api.GetAsync($"/changes?since={behind}", Cancellation))["changed"]!.AsArray().Count);
            ahead = await SinceAsync();
        }
    }

    protected override async Task<long> SeedAsync(string catalogue, CancellationToken cancellationToken) =>
        _seeded = await CatalogueSeed.CommitAsync(
            catalogue,
            [CatalogueSeed.Asset(1, "BTC", 1e12, 64_000.5, "Bit, \"coin\""), CatalogueSeed.Asset(2, "NaN", double.NaN, null)],
            cancellationToken);

    private static long ParseVersion(JsonNode since) => ParseVersion((string)since!);

    private static long ParseVersion(string since) =>
        long.Parse(since[..since.IndexOf('.', StringComparison.Ordinal)], CultureInfo.InvariantCulture);

    private async Task<string> SinceAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/export");
        using var response = await Api.Client.SendAsync(request, Cancellation);
        return response.Headers.GetValues("X-Catalogue-Version").Single();
    }

    private async Task<HttpStatusCode> StatusOfEventsAsync(string lastEventId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/events") { Headers = { { "Last-Event-ID", lastEventId } } };
        using var response = await Api.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        return response.StatusCode;
    }

    private Task ExecuteAsync(string sql) => CatalogueSeed.ExecuteAsync(Api.Catalogue, sql, Cancellation);

    private async Task<Listener> ListenAsync(string? lastEventId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/events", UriKind.Relative));
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        var response = await Api.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new Listener(response, await response.Content.ReadAsStreamAsync(Cancellation));
    }

    private sealed class Listener(HttpResponseMessage response, Stream body) : IAsyncDisposable
    {
        private readonly IAsyncEnumerator<SseItem<string>> _events = SseParser.Create(body).EnumerateAsync(Cancellation)
            .GetAsyncEnumerator(Cancellation);

        public HashSet<string> Seen { get; } = new(StringComparer.Ordinal);

        public async Task<SseItem<string>> NextAsync(string type)
        {
            while (await _events.MoveNextAsync())
            {
                Seen.Add(_events.Current.EventType);
                if (_events.Current.EventType == type)
                {
                    return _events.Current;
                }
            }

            throw new InvalidOperationException($"The events ended before one of type {type}.");
        }

        public async ValueTask DisposeAsync()
        {
            response.Dispose();
            await _events.DisposeAsync();
        }
    }
}
