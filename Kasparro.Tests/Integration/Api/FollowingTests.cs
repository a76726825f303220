using System.Globalization;
using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using Kasparro.Data.Catalogue;
using Kasparro.Data.Runs;
using Npgsql;
using Parquet;

namespace Kasparro.Tests.Integration.Api;

/// <summary>What clients do that keep a copy: <c>/export</c>, <c>/changes</c>, <c>/events</c>.</summary>
public sealed class FollowingTests(BackingServices services) : IAsyncLifetime
{
    private ApiHarness _api = null!;
    private long _seeded;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _api = await ApiHarness.StartAsync(services, Cancellation, "--Api:HeartbeatInterval=00:00:00.200");
        _seeded = await CatalogueSeed.CommitAsync(
            _api.Catalogue, [CatalogueSeed.Asset(1, "BTC", 1e12, 64_000.5, "Bit, \"coin\""), CatalogueSeed.Asset(2, "NaN", double.NaN, null)], Cancellation);
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
        await ExecuteAsync($"UPDATE catalogue_changes SET asset_ids = asset_ids || '{CatalogueSeed.Id(9)}'::uuid, count = 2 WHERE version = {version}");

        var first = await _api.GetAsync($"/changes?since={_seeded - 1}&limit=2", Cancellation);
        Assert.Equal((_seeded, version, true), ((long)first["next_since"]!, (long)first["version"]!, (bool)first["has_more"]!));
        Assert.Equal(["BTC", "NaN"], first["changed"]!.AsArray().Select(asset => (string)asset!["symbol"]!));

        var second = await _api.GetAsync($"/changes?since={_seeded}", Cancellation);
        Assert.Equal((version, false), ((long)second["next_since"]!, (bool)second["has_more"]!));
        Assert.Equal("NEW", (string)second["changed"]!.AsArray().Single()!["symbol"]!);
        Assert.Equal(
            $$"""[{"asset_id":"{{CatalogueSeed.Id(9)}}","merged_into":"{{CatalogueSeed.Id(3)}}"}]""", second["removed"]!.ToJsonString());

        var last = await _api.GetAsync($"/changes?since={version}", Cancellation);
        Assert.Equal((version, false, 0), ((long)last["next_since"]!, (bool)last["has_more"]!, last["changed"]!.AsArray().Count));
    }

    [Fact]
    public async Task Changes_that_are_no_longer_noted_are_gone()
    {
        var version = await CatalogueSeed.RepriceAsync(_api.Catalogue, 1, Cancellation);
        await ExecuteAsync($"DELETE FROM catalogue_changes WHERE version = {_seeded}");

        Assert.Equal(HttpStatusCode.Gone, (await ProblemAsync($"/changes?since={_seeded - 1}")).Status);
        Assert.Equal((HttpStatusCode.BadRequest, "since"), await ProblemAsync($"/changes?since={version + 1}"));
        Assert.Equal((HttpStatusCode.BadRequest, "since"), await ProblemAsync("/changes"));
        Assert.Equal((HttpStatusCode.BadRequest, "limit,page,since"), await ProblemAsync("/changes?since=-1&limit=0&page=1"));
        Assert.Equal(2, (await _api.GetAsync($"/changes?since={version - 1}", Cancellation))["changed"]!.AsArray().Count);
    }

    [Fact]
    public async Task Export_gives_the_same_rows_in_each_format()
    {
        using var csv = await ExportAsync("/export", "*/*");
        Assert.Equal("text/csv; charset=utf-8; header=present", csv.Content.Headers.ContentType!.ToString());
        Assert.Equal($"{_seeded}", csv.Headers.GetValues("X-Catalogue-Version").Single());
        Assert.Equal($"attachment; filename=\"kasparro-assets-{_seeded}.csv\"", csv.Content.Headers.ContentDisposition!.ToString());
        Assert.Equal(
            "asset_id,symbol,name,source,is_active,price_usd,market_cap,volume_24h,rank,updated_at\r\n"
            + $"{CatalogueSeed.Id(1)},BTC,\"Bit, \"\"coin\"\"\",coinpaprika,true,64000.5,1000000000000,,,2026-11-20T12:00:00Z\r\n"
            + $"{CatalogueSeed.Id(2)},NaN,Name of NaN,coinpaprika,true,,,,,2026-11-20T12:00:00Z\r\n",
            await csv.Content.ReadAsStringAsync(Cancellation));

        using var ndjson = await ExportAsync("/export?symbol=btc", "application/x-ndjson, text/csv;q=0.5");
        var line = JsonNode.Parse((await ndjson.Content.ReadAsStringAsync(Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Single())!;
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
            // What runs is told to everyone who connects, as it was when the API last looked.
            status = (string)JsonNode.Parse((await resumed.NextAsync("run")).Data)!["status"]!;
        }
        while (status == "running");
        Assert.Equal("completed", status);
        Assert.DoesNotContain("catalogue", resumed.Seen);
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
        return (response.StatusCode, string.Join(',', (problem["errors"]?.AsObject() ?? []).Select(error => error.Key).Order(StringComparer.Ordinal)));
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
        private readonly IAsyncEnumerator<SseItem<string>> _events = SseParser.Create(body).EnumerateAsync(Cancellation).GetAsyncEnumerator(Cancellation);

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
