using System.Text.Json.Nodes;

namespace Kasparro.Tests.Integration.Api;

public sealed class CursorTests(BackingServices services, SeededApi seeded) : IClassFixture<SeededApi>
{
    public static TheoryData<string> Questions() =>
    [
        "", "source=coingecko&", "q=name&", "active=true&", "min_price=0&", "symbol=dup,eth&",
        .. from field in new[] { "symbol", "name", "price_usd", "market_cap", "source", "asset_id", "updated_at", "volume_24h", "rank",
            "is_active" }
           from sign in new[] { "", "-" }
           from source in new[] { "", "source=coingecko&" }
           select $"{source}sort={sign}{field}&",
    ];

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task Cursors_lead_through_all_rows_and_back_whatever_the_order(string question)
    {
        var whole = Rows(await GetAsync($"/data?{question}page_size=1000"));
        foreach (var size in new[] { 2, 7 })
        {
            var page = await GetAsync($"/data?{question}page_size={size}");
            List<string> forward = [.. Rows(page)];
            while ((string?)page["next"] is { } next)
            {
                page = await GetAsync(next);
                Assert.Null(page["page"]);
                forward.AddRange(Rows(page));
            }

            Assert.Equal(whole, forward);

            List<string> backward = [.. Rows(page)];
            while ((string?)page["prev"] is { } prev)
            {
                page = await GetAsync(prev);
                backward.InsertRange(0, Rows(page));
            }

            Assert.Equal(whole, backward);
        }
    }

    [Fact]
    public async Task Pages_lead_to_cursors_and_the_header_says_what_the_body_says()
    {
        using var response = await seeded.Api.Client.GetAsync(new Uri("/data?page=2&page_size=5", UriKind.Relative),
            Cancellation);
        var page = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;

        Assert.Equal($"<{page["next"]}>; rel=\"next\", <{page["prev"]}>; rel=\"prev\"", response.Headers.GetValues("Link").Single());
        Assert.Equal(Rows(await GetAsync("/data?page=3&page_size=5")), Rows(await GetAsync((string)page["next"]!)));
        Assert.Equal(Rows(await GetAsync("/data?page=1&page_size=5")), Rows(await GetAsync((string)page["prev"]!)));
    }

    [Fact]
    public async Task Cursor_is_refused_when_any_bit_of_it_or_of_its_question_was_changed()
    {
        var next = (string)(await GetAsync("/data?page_size=5"))["next"]!;
        var token = next[(next.IndexOf("cursor=", StringComparison.Ordinal) + 7)..];
        var alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var forged = Enumerable.Range(0, token.Length - 1)
            .Select(index => (index, Other: alphabet[(alphabet.IndexOf(token[index], StringComparison.Ordinal) + 1) % 64]))
            .Select(change => $"/data?page_size=5&cursor={token[..change.index]}{change.Other}{token[(change.index + 1)..]}");

        foreach (var path in forged.Append($"/data?page_size=6&cursor={token}").Append($"/data?page_size=5&sort=rank&cursor={token}")
            .Append($"{next}AAAA"))
        {
            Assert.Equal(400, (int)(await GetAsync(path))["status"]!);
        }
    }

    [Fact]
    public async Task No_row_is_missed_or_shown_twice_when_others_come_and_go_between_pages()
    {
        await using var api = await ApiHarness.StartAsync(services, Cancellation);
        await CommitAsync(api,
            [.. Enumerable.Range(1, 30)
            .Select(number => CatalogueSeed.Asset(number, $"A{number}", number % 3 == 0 ? null : 1000 - (10 * number)))]);
        List<string> seen = [];
        var page = await api.GetAsync("/data?page_size=4", Cancellation);
        for (var added = 100; ; added += 2)
        {
            seen.AddRange(Rows(page));
            if ((string?)page["next"] is not { } next)
            {
                break;
            }

            await CommitAsync(api, [CatalogueSeed.Asset(added, $"B{added}", 5_000), CatalogueSeed.Asset(added + 1, $"B{added}", null)]);
            page = await api.GetAsync(next, Cancellation);
        }

        Assert.Equal(seen.Count, seen.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(30, seen.Count(row => row.Contains("\"A", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Cursor_of_one_replica_works_at_another()
    {
        await using var replica = await seeded.Api.StartReplicaAsync(Cancellation);
        var next = (string)(await GetAsync("/data?page_size=5"))["next"]!;

        Assert.Equal(Rows(await GetAsync(next)), Rows(await replica.GetAsync(next, Cancellation)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("source=csv_source&")]
    public async Task Deep_pages_are_the_same_from_anchors_as_without(string question)
    {
        const int Rows = 6_000;
        await using var api = await ApiHarness.StartAsync(services, Cancellation);
        await CommitAsync(
            api,
            [
                .. Enumerable.Range(1, Rows).Select(number => CatalogueSeed.Asset(number, "A", number % 7 == 0 ? null : number % 500)),
                .. Enumerable.Range(1, Rows)
                    .Select(number =>
                    CatalogueSeed.Listing(number, SourceNames.Csv, "A", number % 7 == 0 ? null : number % 500, (number / 2) + 1)),
            ]);

        List<string> whole = [];
        for (var next = $"/data?{question}page_size=1000"; next is not null;)
        {
            var page = await api.GetAsync(next, Cancellation);
            whole.AddRange(CursorTests.Rows(page));
            next = (string?)page["next"];
        }

        Assert.Equal(Rows, whole.Count);
        foreach (var (number, size) in new[] { (102, 20), (299, 20), (300, 20), (301, 20), (2_903, 1), (9, 333), (18, 333), (5, 1_000),
            (6, 1_000), (7, 1_000), (500, 20) })
        {
            // The first of these requests triggers the reading of the anchors and is served without them.
            var page = await api.GetAsync($"/data?{question}page={number}&page_size={size}", Cancellation);
            Assert.Equal(whole.Skip((number - 1) * size).Take(size), CursorTests.Rows(page));
        }
    }

    private static List<string> Rows(JsonObject page) => [.. page["data"]!.AsArray().Select(row => row!.ToJsonString())];

    private static async Task CommitAsync(ApiHarness api, IEnumerable<object> rows) => await api.KnowsAsync(
        await CatalogueSeed.CommitAsync(api.Catalogue, rows, Cancellation), Cancellation);

    private Task<JsonObject> GetAsync(string path) => seeded.Api.GetAsync(path, Cancellation);
}
