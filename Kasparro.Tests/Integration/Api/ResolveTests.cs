using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using static Kasparro.Tests.Integration.Api.ResolveCatalogue;

namespace Kasparro.Tests.Integration.Api;

public sealed class ResolveTests(ResolveCatalogue catalogue) : IClassFixture<ResolveCatalogue>
{
    private readonly ApiHarness _api = catalogue.Api;

    public static TheoryData<string, string, double, string> Ids => new()
    {
        { Bitcoin.ToString(), "BTC", 1, "the asset's id" },
        { BitcoinAtGecko.ToString(), "BTC", 1, "merged into this asset at 2026-11-20T12:00:00Z" },
        { "coinpaprika:btc-bitcoin", "BTC", 1, "listing coinpaprika:btc-bitcoin" },
        { "coingecko:bitcoin", "BTC", 1, "listing coingecko:bitcoin" },
        { "CoinGecko:bitcoin", "BTC", 1, "listing coingecko:bitcoin" },
        { "bitcoin", "BTC", 0.9, "listing coingecko:bitcoin" },
        { "gone-gone", "GONE", 0.9, "listing coinpaprika:gone-gone, which is no longer active there" },
        { "eip155:1/slip44:60", "ETH", 1, "native coin of the chain: listing coingecko:ethereum" },
        { "eip155:8453/slip44:60", "ETH", 1, "native coin of the chain: listing coingecko:ethereum" },
        { "bip122:000000000019d6689c085ae165831e93/slip44:0", "BTC", 1, "native coin of the chain: listing coingecko:bitcoin" },
        { $"eip155:1/erc20:{Token}", "OMG", 0.99, $"contract ethereum:{Token}, named by coinpaprika" },
        { $"eip155:1/erc20:{Checksummed}", "OMG", 0.99, $"contract ethereum:{Token}, named by coinpaprika" },
        { $"1:{Token}", "OMG", 0.99, $"contract ethereum:{Token}, named by coinpaprika" },
        { $"424242:{Token}", "OMG", 0.99, $"contract newchain:{Token}, named by coinpaprika" },
        { $"eip155:424242/erc20:{Token}", "OMG", 0.99, $"contract newchain:{Token}, named by coinpaprika" },
        { $"newchain:{Token}", "OMG", 0.99, $"contract newchain:{Token}, named by coinpaprika" },
        { "isin:XS1", "OMG", 1, "isin id of listing coinpaprika:omg-omg-network in isin.csv, line 2" },
        { "ISIN:XS1", "OMG", 1, "isin id of listing coinpaprika:omg-omg-network in isin.csv, line 2" },
        { $"ethereum:{Token}", "OMG", 0.99, $"contract ethereum:{Token}, named by coinpaprika" },
        { $"Ethereum:{Token}", "OMG", 0.99, $"contract ethereum:{Token}, named by coinpaprika" },
        { $"eth-ethereum:{Token}", "OMG", 0.99, $"contract ethereum:{Token}, named by coinpaprika" },
        { $"solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:{Mint}", "OMG", 0.99, $"contract solana:{Mint}, named by coinpaprika" },
        { "50:0x536dd70445cea1e97f9bf1bada04cbda5199a2a1", "COPY", 0.99,
            "contract xdc-network:xdc536dd70445cea1e97f9bf1bada04cbda5199a2a1, named by coinpaprika" },
    };

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Id_of_every_vocabulary_names_its_asset_and_says_why(string id, string symbol, double confidence, string evidence)
    {
        var result = (await _api.GetAsync($"/resolve?id={Uri.EscapeDataString(id)}", Cancellation))["results"]!.AsArray().Single()!;

        Assert.Equal((id, "resolved", symbol, confidence),
            ((string)result["id"]!, (string)result["status"]!, (string)result["asset"]!["symbol"]!, (double)result["confidence"]!));
        Assert.Equal([evidence], result["evidence"]!.AsArray().Select(text => (string)text!));

        foreach (var path in new[] { id, id.Replace("/", "%2F", StringComparison.Ordinal), $"{id}/" })
        {
            var asset = await _api.GetAsync($"/assets/{path}", Cancellation);
            Assert.Equal((string)result["asset"]!["asset_id"]!, (string?)asset["asset_id"]);
        }

        var history = await _api.GetAsync($"/assets/{id.Replace("/", "%2F", StringComparison.Ordinal)}/history", Cancellation);
        Assert.Equal((string)result["asset"]!["asset_id"]!, (string?)history["asset_id"]);
    }

    [Theory]
    [InlineData("copy")]
    [InlineData($"1:{Shared}")]
    [InlineData($"eip155:1/erc20:{Shared}")]
    public async Task Id_that_two_assets_share_is_answered_with_both(string id)
    {
        var result = (await _api.GetAsync($"/resolve?id={Uri.EscapeDataString(id)}", Cancellation))["results"]!.AsArray().Single()!;
        Assert.Equal("ambiguous", (string)result["status"]!);
        Assert.Null(result["asset"]);

        using var response = await _api.Client.GetAsync(new Uri($"/assets/{id}", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.MultipleChoices, response.StatusCode);
        var candidates = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!["candidates"]!.AsArray();
        Assert.Equal(new[] { Copy, CsvCopy }.Order(), candidates.Select(candidate => (Guid)candidate!["asset_id"]!).Order());
        Assert.True(JsonNode.DeepEquals(candidates, result["candidates"]));
    }

    [Theory]
    [InlineData("no-such-coin")]
    [InlineData("coingecko:no-such-coin")]
    [InlineData("1:0xffffffffffffffffffffffffffffffffffffffff")]
    [InlineData("eip155:137/slip44:966")]
    [InlineData("11111111-1111-1111-1111-111111111111")]
    [InlineData("isin:XS2")]
    [InlineData("424242:0xffffffffffffffffffffffffffffffffffffffff")]
    public async Task Id_that_names_nothing_is_not_found(string id)
    {
        var result = (await _api.GetAsync($"/resolve?id={Uri.EscapeDataString(id)}", Cancellation))["results"]!.AsArray().Single()!;
        using var response = await _api.Client.GetAsync(new Uri($"/assets/{id}", UriKind.Relative), Cancellation);

        Assert.Equal(("not_found", HttpStatusCode.NotFound), ((string)result["status"]!, response.StatusCode));
    }

    [Theory]
    [InlineData("figi:XS1", "there is no vocabulary figi")]
    [InlineData("424243:0xffffffffffffffffffffffffffffffffffffffff", "is of chain 424243, which this service does not know")]
    [InlineData("1:0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD", "has a wrong checksum (EIP-55)")]
    public async Task Id_of_no_vocabulary_or_chain_is_refused(string id, string reason)
    {
        (string Path, string Parameter)[] routes =
            [($"/assets/{id}", "id"), ($"/assets/{id}/history", "id"), ($"/resolve?id={id}", "id[0]")];
        foreach (var (path, parameter) in routes)
        {
            using var response = await _api.Client.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            var errors = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!["errors"]!.AsObject();
            Assert.Contains(reason, (string)errors[parameter]!.AsArray().Single()!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Every_bad_id_of_a_large_batch_is_named()
    {
        var ids = Enumerable.Range(0, 1_000).Select(number => number % 2 == 0 ? "bitcoin" : $"figi:{number}").ToList();
        using var response = await _api.Client.PostAsJsonAsync("/resolve", new { ids }, Cancellation);
        var errors = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!["errors"]!.AsObject();

        Assert.Equal(Enumerable.Range(0, 500).Select(number => $"ids[{(2 * number) + 1}]"), errors.Select(error => error.Key));
    }

    [Fact]
    public async Task Everything_wrong_with_a_batch_is_told_by_its_place()
    {
        using var response = await _api.Client.PostAsJsonAsync(
            "/resolve",
            new
            {
                ids = new[] { "bitcoin", "figi:BBG000B9XRY4", "1:0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD", "", "eip155:1/slip44:0",
                "eip155:1/erc721:0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed/7", "9999999:0x1", "a\0b" }
            },
            Cancellation);
        var errors = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!["errors"]!.AsObject();

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(["ids[1]", "ids[2]", "ids[3]", "ids[4]", "ids[5]", "ids[6]", "ids[7]"], errors.Select(error => error.Key));
        Assert.Equal("has an address that has a wrong checksum (EIP-55)", (string)errors["ids[2]"]!.AsArray().Single()!);
        Assert.Equal("must have coin type 60 on eip155:1", (string)errors["ids[4]"]!.AsArray().Single()!);
    }

    [Theory]
    [InlineData(0, HttpStatusCode.BadRequest)]
    [InlineData(10_000, HttpStatusCode.OK)]
    [InlineData(10_001, HttpStatusCode.BadRequest)]
    public async Task Ten_thousand_ids_are_resolved_in_one_request_and_no_more(int count, HttpStatusCode status)
    {
        var ids = Enumerable.Range(0, count).Select(number => (number % 4) switch
        {
            0 => "coingecko:bitcoin",
            1 => $"coinpaprika:no-such-coin-{number}",
            2 => $"1:{Token}",
            _ => Bitcoin.ToString(),
        }).ToList();
        using var response = await _api.Client.PostAsJsonAsync("/resolve", new { ids }, Cancellation);

        Assert.Equal(status, response.StatusCode);
        if (status is HttpStatusCode.OK)
        {
            var results = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!["results"]!.AsArray();
            Assert.Equal(ids, results.Select(result => (string)result!["id"]!));
            Assert.Equal((7_500, 2_500),
                (results.Count(result => (string)result!["status"]! == "resolved"),
                    results.Count(result => (string)result!["status"]! == "not_found")));
        }
    }

    [Theory]
    [InlineData("""{"ids":["bitcoin"],"more":1}""")]
    [InlineData("""{"ids":"bitcoin"}""")]
    [InlineData("""["bitcoin"]""")]
    [InlineData("")]
    public async Task Other_bodies_are_refused(string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await _api.Client.PostAsync(new Uri("/resolve", UriKind.Relative), content, Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Every_id_of_the_mappings_leads_back_to_its_asset()
    {
        var rows = await ReadMappingsAsync();

        Assert.Equal(6, rows.Count);
        foreach (var row in rows)
        {
            var ids = row["caip19"]!.AsArray().Concat(row["contracts"]!.AsArray()).Select(id => (string)id!)
                .Concat(row["coinpaprika"]!.AsArray().Select(id => $"coinpaprika:{id}"))
                .Concat(row["coingecko"]!.AsArray().Select(id => $"coingecko:{id}"))
                .Concat(row["csv_source"]!.AsArray().Select(id => $"csv_source:{id}"))
                .Concat(row["external_ids"]!.AsArray().Select(id => (string)id!))
                .Concat(row["former_ids"]!.AsArray().Select(id => (string)id!))
                .Append((string)row["asset_id"]!)
                .Where(id => !id.Contains(Shared, StringComparison.Ordinal))
                .ToList();
            using var response = await _api.Client.PostAsJsonAsync("/resolve", new { ids }, Cancellation);
            var results = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!["results"]!.AsArray();
            Assert.All(results, result => Assert.Equal((string)row["asset_id"]!, (string?)result!["asset"]?["asset_id"]));
        }

        var omg = rows.Single(row => (Guid)row["asset_id"]! == Omg);
        Assert.Equal(
            [$"eip155:1/erc20:{Token}", $"eip155:424242/erc20:{Token}", $"solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:{Mint}"],
            omg["caip19"]!.AsArray().Select(id => (string)id!));
        Assert.Contains("bip122:000000000019d6689c085ae165831e93/slip44:0",
            rows.Single(row => (Guid)row["asset_id"]! == Bitcoin)["caip19"]!.AsArray().Select(id => (string)id!));
        Assert.Equal([BitcoinAtGecko.ToString()],
            rows.Single(row => (Guid)row["asset_id"]! == Bitcoin)["former_ids"]!.AsArray().Select(id => (string)id!));
    }

    [Fact]
    public async Task Mappings_are_the_same_in_every_format()
    {
        var rows = await ReadMappingsAsync();

        var ndjson = await _api.Client.GetStringAsync(new Uri("/mappings?format=ndjson", UriKind.Relative), Cancellation);
        Assert.Equal(
            rows.Select(row => row.ToJsonString()), ndjson.TrimEnd('\n').Split('\n').Select(line => JsonNode.Parse(line)!.ToJsonString()));

        var csv = (await _api.Client.GetStringAsync(new Uri("/mappings", UriKind.Relative), Cancellation)).TrimEnd().Split("\r\n");
        Assert.Equal("asset_id,symbol,name,is_active,coinpaprika,coingecko,csv_source,caip19,contracts,former_ids,external_ids", csv[0]);
        Assert.Equal(rows.Select(row => (string)row["asset_id"]!), csv.Skip(1).Select(line => line.Split(',')[0]));
        Assert.Contains($"eip155:1/erc20:{Token}|eip155:424242/erc20:{Token}|solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:{Mint}",
            csv.Single(line => line.StartsWith(Omg.ToString(), StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/csv", "text/csv")]
    [InlineData("application/x-ndjson", "application/x-ndjson")]
    [InlineData("application/json", "application/json")]
    [InlineData("*/*", "text/csv")]
    [InlineData("text/html", "application/problem+json")]
    public async Task Mappings_come_as_the_client_accepts(string accept, string mediaType)
    {
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head })
        {
            using var request = new HttpRequestMessage(method, new Uri("/mappings", UriKind.Relative));
            request.Headers.Accept.ParseAdd(accept);
            using var response = await _api.Client.SendAsync(request, Cancellation);

            Assert.Equal(mediaType, response.Content.Headers.ContentType?.MediaType);
            Assert.Equal(mediaType == "application/problem+json" ? HttpStatusCode.NotAcceptable : HttpStatusCode.OK, response.StatusCode);
        }
    }

    /// <summary>CAIP's own library parses every id of the mappings.</summary>
    [Fact]
    public async Task Ids_of_the_mappings_are_CAIP_19_by_its_own_library()
    {
        var tools = new NpmProject("clients/conformance");
        await tools.InstallAsync(Cancellation);
        var file = Path.GetTempFileName();
        var ids = (await ReadMappingsAsync()).SelectMany(row => row["caip19"]!.AsArray().Select(id => (string)id!)).ToList();
        Assert.True(ids.Count > 10);
        await File.WriteAllLinesAsync(file, ids, Cancellation);

        var output = await tools.RunAsync("node", ["caip19.mjs", file], Cancellation);

        Assert.Equal($"{ids.Count} ids", output.Trim());
        File.Delete(file);
    }

    private async Task<List<JsonNode>> ReadMappingsAsync() =>
        [.. JsonNode.Parse(await _api.Client.GetStringAsync(new Uri("/mappings?format=json", UriKind.Relative), Cancellation))!.AsArray()
            .Select(row => row!)];
}
