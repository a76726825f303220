using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Kasparro.Tests.Integration.Simulator;

public sealed class FaultTests
{
    private const string Tickers = "/coinpaprika/v1/tickers";
    private const string Markets = "/coingecko/api/v3/coins/markets?vs_currency=usd&per_page=10";

    [Fact]
    public async Task Status_strikes_as_often_as_told_after_as_many_requests_as_told_and_nobody_else()
    {
        await using var host = await SimulatorHost.StartAsync("--assets", "50");
        await OrderAsync(
            host, """{"upstream":"coinpaprika","route":"/tickers","kind":"status","status":402,"times":2,"afterRequests":1}""");

        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 4; i++)
        {
            using var response = await host.SendAsync(Tickers);
            statuses.Add(response.StatusCode);
        }

        using var other = await host.SendAsync(Markets);
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.PaymentRequired, HttpStatusCode.PaymentRequired, HttpStatusCode.OK], statuses);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal(
            """[{"upstream":"coingecko","route":"/coins/markets","requests":1,"faults":0},"""
                + """{"upstream":"coinpaprika","route":"/tickers","requests":4,"faults":2}]""",
            await host.GetTextAsync("/requests"));
    }

    [Theory]
    [InlineData("3")]
    [InlineData("Wed, 21 Oct 2026 07:28:00 GMT")]
    public async Task Retry_after_sends_the_header_in_either_form(string retryAfter)
    {
        await using var host = await SimulatorHost.StartAsync("--assets", "50");
        await OrderAsync(host, $$"""{"upstream":"coingecko","kind":"retry-after","retryAfter":"{{retryAfter}}"}""");

        using var response = await host.SendAsync(Markets);

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal(retryAfter, response.Headers.GetValues("Retry-After").Single());
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(429, body.RootElement.GetProperty("status").GetProperty("error_code").GetInt32());
    }

    [Fact]
    public async Task Hang_never_answers_until_the_client_gives_up()
    {
        await using var host = await SimulatorHost.StartAsync("--assets", "50");
        await OrderAsync(host, """{"kind":"hang"}""");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var request = host.Client.GetAsync(new Uri(Tickers, UriKind.Relative), patience.Token);

        await WaitForRequestAsync(host);
        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","bytes":100""")]
    public async Task Reset_breaks_the_connection_before_or_within_the_answer(string bytes)
    {
        await using var host = await SimulatorHost.StartAsync("--assets", "50");
        await OrderAsync(host, $$"""{"kind":"reset"{{bytes}}}""");

        await Assert.ThrowsAsync<HttpRequestException>(() => host.GetTextAsync(Tickers));
        Assert.Equal(JsonValueKind.Array, (await host.GetAsync(Tickers)).ValueKind);
    }

    [Fact]
    public async Task Repeat_page_sends_one_page_whichever_is_requested()
    {
        await using var host = await SimulatorHost.StartAsync("--assets", "50", "--freeze");
        var second = await host.GetTextAsync($"{Markets}&page=2");
        await OrderAsync(host, """{"route":"/coins/markets","kind":"repeat-page","page":2,"times":0}""");

        Assert.Equal(second, await host.GetTextAsync($"{Markets}&page=1"));
        Assert.Equal(second, await host.GetTextAsync($"{Markets}&page=3"));
    }

    [Fact]
    public async Task Empty_list_is_200_with_no_elements()
    {
        await using var host = await SimulatorHost.StartAsync("--assets", "50");
        await OrderAsync(host, """{"route":"/tickers","kind":"empty-list"}""");

        Assert.Equal("[]", await host.GetTextAsync(Tickers));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task Content_encoding_labels_and_cuts_and_expands_what_it_is_told(string coding)
    {
        await using var host = await SimulatorHost.StartAsync("--assets", "50", "--freeze");
        var plain = await host.GetTextAsync(Markets);
        await OrderAsync(host, $$"""{"kind":"content-encoding","encoding":"{{coding}}"}""");
        await OrderAsync(host, $$"""{"kind":"cut-encoding","encoding":"{{coding}}"}""");
        await OrderAsync(host, $$"""{"kind":"bomb","encoding":"{{coding}}","bytes":10000000}""");

        using var labelled = await host.SendAsync(Markets);
        using var cut = await host.SendAsync(Markets);
        using var bomb = await host.SendAsync(Markets);

        Assert.Equal([coding], labelled.Content.Headers.ContentEncoding);
        Assert.Equal(plain, await labelled.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal([coding], cut.Content.Headers.ContentEncoding);
        Assert.InRange((await cut.Content.ReadAsByteArrayAsync(Cancellation)).Length, 1, plain.Length / 2);
        Assert.Equal([coding], bomb.Content.Headers.ContentEncoding);
        Assert.InRange((await bomb.Content.ReadAsByteArrayAsync(Cancellation)).Length, 1, 200_000);
    }

    [Fact]
    public async Task Set_and_omit_change_one_element_or_all()
    {
        await using var host = await SimulatorHost.StartAsync("--assets", "50", "--freeze");
        var tickers = (await host.GetAsync(Tickers)).EnumerateArray().ToList();
        var id = tickers[0].GetProperty("id").GetString();
        await OrderAsync(host, $$"""{"route":"/tickers","kind":"set","id":"{{id}}","field":"quotes.USD.price","value":"0"}""");
        await OrderAsync(host, """{"route":"/tickers","kind":"set","field":"rank","value":"\"NaN\""}""");
        await OrderAsync(host, $$"""{"route":"/tickers","kind":"omit","id":"{{id}}"}""");
        await OrderAsync(host, """{"route":"/tickers","kind":"omit"}""");

        var one = (await host.GetAsync(Tickers)).EnumerateArray().ToList();
        var all = (await host.GetAsync(Tickers)).EnumerateArray().ToList();
        var without = (await host.GetAsync(Tickers)).EnumerateArray().Select(ticker => ticker.GetProperty("id").GetString()).ToList();
        var fewer = (await host.GetAsync(Tickers)).EnumerateArray().Count();

        Assert.Single(one, ticker => ticker.GetProperty("quotes").GetProperty("USD").GetProperty("price").GetDouble() == 0);
        Assert.All(all, ticker => Assert.Equal("NaN", ticker.GetProperty("rank").GetString()));
        Assert.Equal(tickers.Count - 1, without.Count);
        Assert.DoesNotContain(id, without);
        Assert.Equal(tickers.Count - ((tickers.Count + 9) / 10), fewer);
    }

    [Fact]
    public async Task Drip_sends_the_right_answer_in_many_pieces()
    {
        await using var host = await SimulatorHost.StartAsync("--assets", "50", "--freeze");
        var expected = await host.GetTextAsync(Markets);
        await OrderAsync(host, """{"kind":"drip","bytes":500,"delayMilliseconds":1}""");

        Assert.Equal(expected, await host.GetTextAsync(Markets));
    }

    [Fact]
    public async Task Truncate_ends_the_body_early_in_a_complete_answer()
    {
        await using var host = await SimulatorHost.StartAsync("--assets", "50", "--freeze");
        var expected = await host.GetTextAsync(Markets);
        await OrderAsync(host, """{"kind":"truncate","bytes":321}""");

        Assert.Equal(expected[..321], await host.GetTextAsync(Markets));
    }

    [Fact]
    public async Task Html_empty_and_error200_answer_200_with_something_else_than_data()
    {
        await using var host = await SimulatorHost.StartAsync("--assets", "50");
        foreach (var kind in new[] { "html", "empty", "error200" })
        {
            await OrderAsync(host, $$"""{"kind":"{{kind}}"}""");
        }

        using var html = await host.SendAsync(Tickers);
        using var empty = await host.SendAsync(Tickers);
        using var error = await host.SendAsync(Tickers);

        Assert.Equal("text/html", html.Content.Headers.ContentType?.MediaType);
        Assert.Equal(0, empty.Content.Headers.ContentLength);
        Assert.Contains(
            "\"error\"", await error.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.All([html, empty, error], r => Assert.Equal(HttpStatusCode.OK, r.StatusCode));
    }

    [Fact]
    public async Task Content_type_is_wrong_around_the_right_body()
    {
        await using var host = await SimulatorHost.StartAsync("--assets", "50", "--freeze");
        var expected = await host.GetTextAsync(Markets);
        await OrderAsync(host, """{"kind":"content-type","contentType":"application/octet-stream"}""");

        using var response = await host.SendAsync(Markets);

        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(expected, await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Duplicate_and_reorder_keep_every_element_as_it_was_written()
    {
        await using var host = await SimulatorHost.StartAsync("--assets", "50", "--freeze");
        var expected = Elements(await host.GetAsync(Markets));
        await OrderAsync(host, """{"kind":"duplicate"}""");
        await OrderAsync(host, """{"kind":"reorder"}""");

        var duplicated = Elements(await host.GetAsync(Markets));
        var reordered = Elements(await host.GetAsync(Markets));

        Assert.Equal([.. expected, expected[0]], duplicated, StringComparer.Ordinal);
        Assert.Equal(Enumerable.Reverse(expected), reordered, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("rename", "market_cap", """{"has":false,"new":true}""")]
    [InlineData("remove", "market_cap", """{"has":false,"new":false}""")]
    [InlineData("retype", "market_cap", """{"has":true,"new":false}""")]
    [InlineData("add", "market_cap", """{"has":true,"new":true}""")]
    public async Task Drift_changes_the_schema_of_every_element(string drift, string field, string expected)
    {
        await using var host = await SimulatorHost.StartAsync("--assets", "50");
        await OrderAsync(host, $$"""{"kind":"drift","drift":"{{drift}}","field":"{{field}}","newField":"cap"}""");

        var coins = (await host.GetAsync(Markets)).EnumerateArray().ToArray();

        using var expectation = JsonDocument.Parse(expected);
        Assert.All(coins, c => Assert.Equal(expectation.RootElement.GetProperty("has").GetBoolean(), c.TryGetProperty(field, out _)));
        Assert.All(coins, c => Assert.Equal(expectation.RootElement.GetProperty("new").GetBoolean(), c.TryGetProperty("cap", out _)));
        if (drift == "retype")
        {
            Assert.All(coins, c => Assert.NotEqual(JsonValueKind.Number, c.GetProperty(field).ValueKind));
        }
    }

    [Fact]
    public async Task Delete_takes_faults_back_and_get_lists_them()
    {
        await using var host = await SimulatorHost.StartAsync("--assets", "50");
        await OrderAsync(host, """{"kind":"status","times":0}""");
        using var spoiled = await host.SendAsync(Tickers);
        var listed = await host.GetAsync("/faults");

        using var deleted = await host.Client.DeleteAsync(new Uri("/faults", UriKind.Relative), Cancellation);
        using var response = await host.SendAsync(Tickers);

        Assert.Equal(HttpStatusCode.InternalServerError, spoiled.StatusCode);
        Assert.Equal(1, Assert.Single(listed.EnumerateArray()).GetProperty("struck").GetInt32());
        Assert.Equal("status", listed[0].GetProperty("fault").GetProperty("kind").GetString());
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("[]", await host.GetTextAsync("/faults"));
    }

    [Theory]
    [InlineData("""{"kind":"status","upstream":"coincap"}""")]
    [InlineData("""{"kind":"status","upstream":"coingecko","route":"/tickers"}""")]
    [InlineData("""{"kind":"status","status":99}""")]
    [InlineData("""{"kind":"status","times":-1}""")]
    [InlineData("""{"kind":"explode"}""")]
    [InlineData("""{"kind":"status","tmies":1}""")]
    [InlineData("""{"upstream":"coingecko"}""")]
    public async Task Post_refuses_a_fault_that_could_never_strike(string fault)
    {
        await using var host = await SimulatorHost.StartAsync("--assets", "50");

        using var response = await PostAsync(host, fault);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("[]", await host.GetTextAsync("/faults"));
    }

    private static async Task OrderAsync(SimulatorHost host, string fault)
    {
        using var response = await PostAsync(host, fault);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    private static async Task<HttpResponseMessage> PostAsync(SimulatorHost host, string fault)
    {
        using var document = JsonDocument.Parse(fault);
        return await host.Client.PostAsJsonAsync(
            new Uri("/faults", UriKind.Relative), document.RootElement.Clone(), Cancellation);
    }

    private static async Task WaitForRequestAsync(SimulatorHost host)
    {
        while (await host.GetTextAsync("/requests") == "[]")
        {
            await Task.Delay(10, Cancellation);
        }
    }

    private static string[] Elements(JsonElement array) => [.. array.EnumerateArray().Select(e => e.GetRawText())];
}
