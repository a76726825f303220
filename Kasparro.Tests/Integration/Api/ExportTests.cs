using System.Net;
using System.Text.Json.Nodes;
using Parquet;

namespace Kasparro.Tests.Integration.Api;

/// <summary><c>/export</c>: its formats and filters.</summary>
public sealed class ExportTests(ExportApi exported) : IClassFixture<ExportApi>
{
    private readonly ApiHarness _api = exported.Api;

    [Fact]
    public async Task Export_gives_the_same_rows_in_each_format()
    {
        using var csv = await ExportAsync("/export?symbol=btc,nan", "*/*");
        Assert.Equal("text/csv; charset=utf-8; header=present", csv.Content.Headers.ContentType!.ToString());
        Assert.StartsWith($"{exported.Version}.", csv.Headers.GetValues("X-Catalogue-Version").Single(), StringComparison.Ordinal);
        Assert.Equal(
            $"attachment; filename=\"kasparro-assets-{exported.Version}.csv\"", csv.Content.Headers.ContentDisposition!.ToString());
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
        using var export = await ExportAsync($"/export?format=ndjson&{filters}", "*/*");
        var rows = (await export.Content.ReadAsStringAsync(Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => (string)JsonNode.Parse(line)!["symbol"]!);
        var data = await _api.GetAsync($"/data?sort=asset_id&{filters}", Cancellation);

        Assert.Equal(symbols, string.Join(',', rows));
        Assert.Equal(symbols, string.Join(',', data["data"]!.AsArray().Select(row => (string)row!["symbol"]!)));
    }

    [Fact]
    public async Task Export_in_no_format_that_is_accepted_is_a_problem()
    {
        using var response = await ExportAsync("/export", "image/png");
        Assert.Equal(HttpStatusCode.NotAcceptable, response.StatusCode);
        Assert.Equal(
            (HttpStatusCode.BadRequest, "format,page,source"),
            await _api.GetProblemAsync("/export?format=xml&source=x&page=1", Cancellation));
        Assert.Equal(
            (HttpStatusCode.BadRequest, "cursor,fields,format,min_price,sort"),
            await _api.GetProblemAsync(
                "/export?format=csv&format=csv&cursor=x&fields=symbol&sort=symbol&min_price=2&max_price=1", Cancellation));
    }

    [Theory]
    [InlineData("", "=HYPERLINK(\"\"x\"\")", "=1+1")]
    [InlineData("guard_formulas=true", "'=HYPERLINK(\"\"x\"\")", "'=1+1")]
    [InlineData("guard_formulas=False", "=HYPERLINK(\"\"x\"\")", "=1+1")]
    public async Task Export_guards_formulas_where_asked_to(string query, string name, string symbol)
    {
        using var csv = await ExportAsync($"/export?format=CSV&{query}", "*/*");
        var rows = (await csv.Content.ReadAsStringAsync(Cancellation)).Split("\r\n");

        Assert.Equal($"{CatalogueSeed.Id(3)},{symbol},\"{name}\",coinpaprika,true,,2,,,2026-11-19T12:00:00Z", rows[3]);
        Assert.StartsWith($"{CatalogueSeed.Id(4)},{(symbol[0] == '\'' ? "'" : "")}@SUM(A1),{(symbol[0] == '\'' ? "'" : "")}+Plus,",
            rows[4], StringComparison.Ordinal);
        Assert.StartsWith($"{CatalogueSeed.Id(1)},BTC,", rows[1], StringComparison.Ordinal);

        var mappings = await _api.Client.GetStringAsync(new Uri($"/mappings?format=CSV&{query}", UriKind.Relative), Cancellation);
        Assert.Contains($"{CatalogueSeed.Id(3)},{symbol},\"{name}\",true", mappings, StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> ExportAsync(string path, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Add("Accept", accept);
        return await _api.Client.SendAsync(request, Cancellation);
    }
}

/// <summary>An API on four assets, two of which have names that a spreadsheet takes for formulas.</summary>
public sealed class ExportApi(BackingServices services) : ApiFixture(services)
{
    internal long Version { get; private set; }

    protected override async Task<long> SeedAsync(string catalogue, CancellationToken cancellationToken) =>
        Version = await CatalogueSeed.CommitAsync(
            catalogue,
            [
                CatalogueSeed.Asset(1, "BTC", 1e12, 64_000.5, "Bit, \"coin\""), CatalogueSeed.Asset(2, "NaN", double.NaN, null),
                Formula(3, "=1+1", "=HYPERLINK(\"x\")"), Formula(4, "@SUM(A1)", "+Plus"),
            ],
            cancellationToken);

    private static Kasparro.Data.Catalogue.Asset Formula(int number, string symbol, string name) =>
        CatalogueSeed.Asset(number, symbol, marketCap: 2, price: null, name, CatalogueSeed.Moment.AddDays(-1));
}
