using System.Net;
using System.Text.Json.Nodes;

namespace Kasparro.Tests.Integration.Ingestion;

/// <summary>Token lists, from an operator's decimals to the API's responses.</summary>
public sealed class TokenListTests(BackingServices services) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kasparro-decimals").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Lists_have_the_tokens_whose_decimals_are_known_and_versions_say_what_changed()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.OnJson("/coins/markets", StubUpstream.MarketPage(1, 6));
        upstream.OnJson("/coins/list", $"[{string.Join(',', Enumerable.Range(1, 6).Select(Coin))}]");
        Write("a.csv",
            $"""
            platform,address,decimals
            eth-ethereum,{Address(1)},18
            1,{Address(2).ToUpperInvariant().Replace("0X", "0x", StringComparison.Ordinal)},6
            ethereum,0x1,6
            ethereum,{Address(3)},256
            nowhere,{Address(3)},6
            """);
        Write("b.json",
            $$"""
            {"name":"x","tokens":[{"chainId":1,"address":"{{Address(3)}}","decimals":8,"symbol":"x"},
             {"chainId":1,"address":"{{Address(6)}}","decimals":0},{"chainId":56}]}
            """);
        await using var ingestion = await IngestionHarness.CreateAsync(
            services, upstream.Url, Cancellation, ("References:Decimals", _folder),
                ("Sources:CoinGecko:EvidenceInterval", "00:00:00.0000001"), ("Sources:CoinGecko:PageSize", "250"));
        await IngestAsync();

        Assert.Equal(
            ["a.csv | 4 | bad_id", "a.csv | 5 | bad_number", "a.csv | 6 | unknown_id", "b.json | 3 | missing_field"],
            await ingestion.RowsAsync("SELECT file_name, line, reason FROM reference_file_errors ORDER BY 1, 2", Cancellation));
        await using var api = await ApiHarness.StartOnAsync(ingestion.Settings["ConnectionStrings:kasparro"]!,
            ingestion.Settings["ConnectionStrings:cache"]!, Cancellation);
        using var first = await GetAsync("/tokenlists/ethereum.json");
        var list = await ReadAsync(first);
        Assert.Equal("""{"major":1,"minor":0,"patch":0}""", list["version"]!.ToJsonString());
        Assert.Equal(["C6", "C3", "C2", "C1"], list["tokens"]!.AsArray().Select(token => (string)token!["symbol"]!));
        Assert.Equal([0, 8, 6, 18], list["tokens"]!.AsArray().Select(token => (int)token!["decimals"]!));
        Assert.Equal(AddressRule.ToChecksum(Address(6)), (string)list["tokens"]![0]!["address"]!);
        Assert.Equal("2", first.Headers.GetValues("Tokens-Without-Decimals").Single());
        await AssertValidAsync(list);

        // The same list under every name of the chain, which is not sent again.
        foreach (var chain in new[] { "1", "eth-ethereum" })
        {
            using var same = await GetAsync($"/tokenlists/{chain}.json", first.Headers.ETag!.Tag);
            Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        }

        foreach (var none in new[] { "56", "solana", "no-such" })
        {
            using var missing = await GetAsync($"/tokenlists/{none}.json");
            Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        }

        await IngestAsync();
        Assert.Equal("1.0.0", await VersionAsync());
        Write("c.csv", $"1,{Address(4)},4\n");
        await IngestAsync();
        Assert.Equal("1.1.0", await VersionAsync());
        Write("c.csv", $"1,{Address(4)},5\n");
        await IngestAsync();
        Assert.Equal("1.1.1", await VersionAsync());
        Write("c.csv", "platform,address,decimals\n");
        await IngestAsync();
        Assert.Equal("2.0.0", await VersionAsync());
        using var changed = await GetAsync("/tokenlists/1.json", first.Headers.ETag!.Tag);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        await AssertValidAsync(await ReadAsync(changed));

        async Task<string> VersionAsync() =>
            (await ingestion.RowsAsync("SELECT major || '.' || minor || '.' || patch FROM token_lists", Cancellation)).Single();

        async Task IngestAsync()
        {
            var outcome = await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);
            Assert.True(outcome.Succeeded, string.Join("; ", outcome.Sources));
        }

        async Task<HttpResponseMessage> GetAsync(string path, string? ifNoneMatch = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
            request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
            return await api.Client.SendAsync(request, Cancellation);
        }
    }

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;
    }

    /// <summary>Validates a list with Uniswap's own schema, if npm can fetch it.</summary>
    private async Task AssertValidAsync(JsonNode list)
    {
        var tools = new NpmProject("clients/conformance");
        await tools.InstallAsync(Cancellation);
        Write("list.tokenlist", list.ToJsonString());
        var output = await tools.RunAsync("node", ["tokenlist.mjs", Path.Combine(_folder, "list.tokenlist")], Cancellation);
        Assert.Equal($"{list["tokens"]!.AsArray().Count} tokens", output.Trim());
    }

    private static string Address(int number) => $"0x{number:x2}{new string('a', 38)}";

    private static string Coin(int number) =>
        $$"""{"id":"coin-{{number}}","symbol":"c{{number}}","name":"Coin {{number}}","platforms":{"ethereum":"{{Address(number)}}"} }""";

    private void Write(string name, string content) => File.WriteAllText(Path.Combine(_folder, name), content);
}
