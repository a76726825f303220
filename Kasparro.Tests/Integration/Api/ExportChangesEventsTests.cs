using System.Globalization;
using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using Kasparro.Data.Catalogue;
using Kasparro.Data.Runs;
using Npgsql;
using Parquet;

namespace Kasparro.Tests.Integration.Api;

/// <summary>The routes for clients that keep a copy: <c>/export</c>, <c>/changes</c>, <c>/events</c>.</summary>
public sealed class ExportChangesEventsTests(BackingServices services) : IAsyncLifetime
{
    private ApiHarness _api = null!;
    private long _seeded;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _api = await ApiHarness.StartAsync(services, Cancellation, "--Api:HeartbeatInterval=00:00:00.200");
        _seeded = await CatalogueSeed.CommitAsync(
            _api.Catalogue,
                [CatalogueSeed.Asset(1, "BTC", 1e12, 64_000.5, "Bit, \"coin\""), CatalogueSeed.Asset(2, "NaN", double.NaN, null)],
                Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_api is not null)
        {
            await _api.DisposeAsync();
        }
    }

    [Fact]
    public async Task Changes_tell_what_each_version_moved_and_where_to_go_on()
    {
        var version = await CatalogueSeed.CommitAsync(
            _api.Catalogue,
            [
                CatalogueSeed.Asset(3, "NEW", 1),
                new AssetRedirect { AssetId = CatalogueSeed.Id(9), MergedInto = CatalogueSeed.Id(3), MergedAt = CatalogueSeed.Moment },
            ],
            Cancellation);
        await ExecuteAsync($"UPDATE catalogue_changes SET asset_ids = asset_ids || '{CatalogueSeed.Id(9)}'::uuid, count = 2 WHERE " +
            $"version = {version}");

        var first = await _api.GetAsync("/changes?since=0&limit=2", Cancellation);
        Assert.Equal((_seeded, version, true), (ParseVersion(first["next_since"]!), (long)first["version"]!, (bool)first["has_more"]!));
        Assert.Equal(["BTC", "NaN"], first["changed"]!.AsArray().Select(asset => (string)asset!["symbol"]!));

        var second = await _api.GetAsync($"/changes?since={first["next_since"]}", Cancellation);
        Assert.Equal((version, false), (ParseVersion(second["next_since"]!), (bool)second["has_more"]!));
        Assert.Equal("NEW", (string)second["changed"]!.AsArray().Single()!["symbol"]!);
        Assert.Equal(
            $$"""[{"asset_id":"{{CatalogueSeed.Id(9)}}","merged_into":"{{CatalogueSeed.Id(3)}}"}]""", second["removed"]!.ToJsonString());

        var last = await _api.GetAsync($"/changes?since={second["next_since"]}", Cancellation);
        Assert.Equal((version, false, 0), (ParseVersion(last["next_since"]!), (bool)last["has_more"]!, last["changed"]!.AsArray().Count));
    }

    [Fact]
    public async Task Changes_that_are_no_longer_noted_are_gone()
    {
        var seeded = await SinceAsync();
        var version = await CatalogueSeed.RepriceAsync(_api.Catalogue, 1, Cancellation);
        var repriced = await SinceAsync();
        await CatalogueSeed.RepriceAsync(_api.Catalogue, 2, Cancellation);
        await ExecuteAsync($"DELETE FROM catalogue_changes WHERE version <= {_seeded}");

        Assert.Equal(HttpStatusCode.Gone, (await ProblemAsync("/changes?since=0")).Status);
        Assert.Equal(HttpStatusCode.Gone, (await ProblemAsync($"/changes?since={seeded}")).Status);
        Assert.Equal((HttpStatusCode.BadRequest, "since"), await ProblemAsync($"/changes?since={version}"));
        Assert.Equal((HttpStatusCode.BadRequest, "since"), await ProblemAsync("/changes"));
        Assert.Equal((HttpStatusCode.BadRequest, "limit,page,since"), await ProblemAsync("/changes?since=-1&limit=0&page=1"));
        Assert.Equal(2, (await _api.GetAsync($"/changes?since={repriced}", Cancellation))["changed"]!.AsArray().Count);
    }

    [Fact]
    public async Task Export_gives_the_same_rows_in_each_format()
    {
        using var csv = await ExportAsync("/export", "*/*");
        Assert.Equal("text/csv; charset=utf-8; header=present", csv.Content.Headers.ContentType!.ToString());
        Assert.Equal(_seeded, ParseVersion(csv.Headers.GetValues("X-Catalogue-Version").Single()));
        Assert.Equal($"attachment; filename=\"kasparro-assets-{_seeded}.csv\"", csv.Content.Headers.ContentDisposition!.ToString());
        Assert.Equal(
            "asset_id,symbol,name,source,is_active,price_usd,market_cap,volume_24h,rank,updated_at\r\n"
            + $"{CatalogueSeed.Id(1)},BTC,\"Bit, \"\"coin\"\"\",coinpaprika,true,64000.5,1000000000000,,,2026-11-20T12:00:00Z\r\n"
            + $"{CatalogueSeed.Id(2)},NaN,Name of NaN,coinpaprika,true,,,,,2026-11-20T12:00:00Z\r\n",
            await csv.Content.ReadAsStringAsync(Cancellation));

        using var ndjson = await ExportAsync("/export?symbol=btc", "application/x-ndjson, text/csv;q=0.5");
        var line = JsonNode.Parse((await ndjson.Content.ReadAsStringAsync(Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Single())!;
        Assert.Equal((64_000.5, null), ((double)line["price_usd"]!, line["rank"]));

        using var parquet = await ExportAsync("/export?format=parquet", "text/csv");
        using var file = new MemoryStream(await parquet.Content.ReadAsByteArrayAsync(Cancellation));
        await using var reader = await ParquetReader.CreateAsync(file, cancellationToken: Cancellation);
        Assert.Equal((1, 10), (reader.RowGroupCount, reader.Schema.DataFields.Length));
    }

    [Theory]
    [InlineData("symbol=btc,nan", "BTC,NaN")]
    [InlineData("min_price=1", "BTC")]
    [InlineData("q=bit&active=true", "BTC")]
    [InlineData("name=of%20nan", "NaN")]
    [InlineData("max_market_cap=1", "")]
    [InlineData("active=false", "")]
    [InlineData("updated_since=2026-11-20T12:00:00Z", "BTC,NaN")]
    [InlineData("updated_since=2026-11-20T12:00:01Z", "")]
    public async Task Export_is_filtered_as_data_is(string filters, string symbols)
    {
        await ExecuteAsync("SELECT refresh_asset_search()");
        using var export = await ExportAsync($"/export?format=ndjson&{filters}", "*/*");
        var exported = (await export.Content.ReadAsStringAsync(Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => (string)JsonNode.Parse(line)!["symbol"]!);
        var data = await _api.GetAsync($"/data?sort=asset_id&{filters}", Cancellation);

        Assert.Equal(symbols, string.Join(',', exported));
        Assert.Equal(symbols, string.Join(',', data["data"]!.AsArray().Select(row => (string)row!["symbol"]!)));
    }

    [Fact]
    public async Task Export_in_no_format_that_is_accepted_is_a_problem()
    {
        using var response = await ExportAsync("/export", "image/png");
        Assert.Equal(HttpStatusCode.NotAcceptable, response.StatusCode);
        Assert.Equal((HttpStatusCode.BadRequest, "format,page,source"), await ProblemAsync("/export?format=xml&source=x&page=1"));
        Assert.Equal(
            (HttpStatusCode.BadRequest, "cursor,fields,format,min_price,sort"),
            await ProblemAsync("/export?format=csv&format=csv&cursor=x&fields=symbol&sort=symbol&min_price=2&max_price=1"));
    }

    [Fact]
    public async Task Events_tell_of_versions_and_runs_and_resume_where_they_stopped()
    {
        await using var events = await ListenAsync(lastEventId: null);
        var first = await events.NextAsync("catalogue");
        Assert.Equal(_seeded, (long)JsonNode.Parse(first.Data)!["version"]!);
        await events.NextAsync("heartbeat");

        var version = await CatalogueSeed.CommitAsync(
            _api.Catalogue,
            [CatalogueSeed.Asset(3, "NEW", 1), CatalogueSeed.Run(SourceNames.Csv, RunStatus.Running, DateTimeOffset.UtcNow, null, 5)],
            Cancellation);
        await _api.AnnounceAsync(version);
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
        await using var api = await _api.StartReplicaAsync(Cancellation, "--Api:HeartbeatInterval=00:05:00");
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
        await using var api = await _api.StartReplicaAsync(Cancellation, "--Api:DatabaseTimeout=00:00:00.5");
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
        await CatalogueSeed.CommitAsync(_api.Catalogue, Enumerable.Range(10, 7)
            .Select(number => CatalogueSeed.Asset(number, $"S{number}", number)), Cancellation);
        await CatalogueSeed.RepriceAsync(_api.Catalogue, 3, Cancellation);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var page = await _api.GetAsync($"/changes?since=0&limit={limit}", Cancellation);
        while (true)
        {
            Assert.InRange(page["changed"]!.AsArray().Count + page["removed"]!.AsArray().Count, 1, limit);
            seen.UnionWith(page["changed"]!.AsArray().Select(asset => (string)asset!["symbol"]!));
            Assert.All(page["changed"]!.AsArray(), asset => Assert.True(asset!.AsObject().ContainsKey("volume_24h")));
            if (!(bool)page["has_more"]!)
            {
                break;
            }

            page = await _api.GetAsync($"/changes?since={page["next_since"]}&limit={limit}", Cancellation);
        }

        Assert.Equal(9, seen.Count);
        Assert.Equal(await SinceAsync(), (string)page["next_since"]!);
    }

    [Fact]
    public async Task Changes_show_what_arrives_late_and_updated_since_says_that_it_may_not()
    {
        var since = await SinceAsync();
        await CatalogueSeed.CommitAsync(_api.Catalogue,
            [CatalogueSeed.Asset(3, "LATE", 1, updatedAt: CatalogueSeed.Moment.AddMinutes(-20))], Cancellation);

        Assert.Equal("LATE", (string)(await _api.GetAsync($"/changes?since={since}", Cancellation))["changed"]!.AsArray()
            .Single()!["symbol"]!);
        var document = await _api.GetAsync("/openapi/v1.json", Cancellation);
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
        await CatalogueSeed.RepriceAsync(_api.Catalogue, 9, Cancellation);

        Assert.Equal(2, (await _api.GetAsync($"/changes?since={since}", Cancellation))["changed"]!.AsArray().Count);
    }

    [Fact]
    public async Task Cursor_of_another_history_is_gone_also_once_its_number_is_reached_again()
    {
        var behind = await SinceAsync();
        string ahead;
        await using (var events = await ListenAsync(lastEventId: null))
        {
            await events.NextAsync("catalogue");
            await CatalogueSeed.RepriceAsync(_api.Catalogue, 1, Cancellation);
            ahead = await SinceAsync();
        }

        for (var restore = 1; restore <= 2; restore++)
        {
            // The state after a dump was restored: the older rows and the older version.
            await ExecuteAsync(
                $"UPDATE catalogue_state SET (version, changed_at) = (SELECT version, changed_at FROM catalogue_changes WHERE version = " +
                $"{_seeded}); "
                + $"DELETE FROM catalogue_changes WHERE version > {_seeded}");
            Assert.Equal(HttpStatusCode.Gone, (await ProblemAsync($"/changes?since={ahead}")).Status);
            Assert.Equal(HttpStatusCode.Gone, await StatusOfEventsAsync($"{ahead}-0"));

            await CatalogueSeed.RepriceAsync(_api.Catalogue, 1 + restore, Cancellation);
            await CatalogueSeed.RepriceAsync(_api.Catalogue, 2 + restore, Cancellation);
            Assert.Equal(HttpStatusCode.Gone, (await ProblemAsync($"/changes?since={ahead}")).Status);
            Assert.Equal(HttpStatusCode.Gone, await StatusOfEventsAsync($"{ahead}-0"));
            Assert.Equal(2, (await _api.GetAsync($"/changes?since={behind}", Cancellation))["changed"]!.AsArray().Count);
            ahead = await SinceAsync();
        }
    }

    [Theory]
    [InlineData("", "=HYPERLINK(\"\"x\"\")", "=1+1")]
    [InlineData("guard_formulas=true", "'=HYPERLINK(\"\"x\"\")", "'=1+1")]
    [InlineData("guard_formulas=False", "=HYPERLINK(\"\"x\"\")", "=1+1")]
    public async Task Export_guards_formulas_where_asked_to(string query, string name, string symbol)
    {
        await CatalogueSeed.CommitAsync(_api.Catalogue,
            [CatalogueSeed.Asset(3, "=1+1", 1, name: "=HYPERLINK(\"x\")"), CatalogueSeed.Asset(4, "@SUM(A1)", 1, name: "+Plus")],
            Cancellation);
        using var csv = await ExportAsync($"/export?format=CSV&{query}", "*/*");
        var rows = (await csv.Content.ReadAsStringAsync(Cancellation)).Split("\r\n");

        Assert.Equal($"{CatalogueSeed.Id(3)},{symbol},\"{name}\",coinpaprika,true,1.5,1,,,2026-11-20T12:00:00Z", rows[3]);
        Assert.StartsWith($"{CatalogueSeed.Id(4)},{(symbol[0] == '\'' ? "'" : "")}@SUM(A1),{(symbol[0] == '\'' ? "'" : "")}+Plus,",
            rows[4], StringComparison.Ordinal);
        Assert.StartsWith($"{CatalogueSeed.Id(1)},BTC,", rows[1], StringComparison.Ordinal);

        var mappings = await _api.Client.GetStringAsync(new Uri($"/mappings?format=CSV&{query}", UriKind.Relative), Cancellation);
        Assert.Contains($"{CatalogueSeed.Id(3)},{symbol},\"{name}\",true", mappings, StringComparison.Ordinal);
    }

    private static long ParseVersion(JsonNode since) => ParseVersion((string)since!);

    private static long ParseVersion(string since) =>
        long.Parse(since[..since.IndexOf('.', StringComparison.Ordinal)], CultureInfo.InvariantCulture);

    private async Task<string> SinceAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/export");
        using var response = await _api.Client.SendAsync(request, Cancellation);
        return response.Headers.GetValues("X-Catalogue-Version").Single();
    }

    private async Task<HttpStatusCode> StatusOfEventsAsync(string lastEventId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/events") { Headers = { { "Last-Event-ID", lastEventId } } };
        using var response = await _api.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        return response.StatusCode;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_api.Catalogue);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private async Task<HttpResponseMessage> ExportAsync(string path, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Add("Accept", accept);
        return await _api.Client.SendAsync(request, Cancellation);
    }

    private async Task<(HttpStatusCode Status, string Fields)> ProblemAsync(string path)
    {
        using var response = await _api.Client.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
        var problem = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;
        Assert.Equal(((int)response.StatusCode).ToString(CultureInfo.InvariantCulture), problem["status"]!.ToJsonString());
        return (response.StatusCode,
            string.Join(',', (problem["errors"]?.AsObject() ?? []).Select(error => error.Key).Order(StringComparer.Ordinal)));
    }

    private async Task<Listener> ListenAsync(string? lastEventId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/events", UriKind.Relative));
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        var response = await _api.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
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
