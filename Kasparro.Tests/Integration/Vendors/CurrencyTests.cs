using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Kasparro.Tests.Integration.Vendors;

public sealed class CurrencyTests(VendorApi seeded) : IClassFixture<VendorApi>
{
    [Fact]
    public async Task Rows_are_in_the_currency_that_is_asked_for_and_say_when_its_rate_was_fetched()
    {
        var page = await seeded.Api.GetAsync("/data?vs_currency=EUR&page_size=1&fields=symbol,price_usd,market_cap", Cancellation);
        var row = page["data"]![0]!.AsObject();

        Assert.Equal(["symbol", "price", "market_cap"], row.Select(field => field.Key));
        Assert.Equal((VendorApi.BitcoinPrice / 2, 1.265e12 / 2), ((double)row["price"]!, (double)row["market_cap"]!));
        Assert.Equal(("eur", "2026-11-20T12:00:00Z"), ((string?)page["vs_currency"], (string?)page["rate_at"]));

        var next = await seeded.Api.GetAsync((string)page["next"]!, Cancellation);
        Assert.Equal("eur", (string?)next["vs_currency"]);
    }

    [Fact]
    public async Task Price_in_a_coin_follows_the_coins_own_price()
    {
        var bitcoin = await seeded.Api.GetAsync("/api/v3/simple/price?ids=bitcoin&vs_currencies=btc", Cancellation);
        var row = (await seeded.Api.GetAsync("/data?symbol=btc&vs_currency=btc", Cancellation))["data"]![0]!;
        var now = await seeded.Api.GetAsync($"/assets/{CatalogueSeed.Id(1)}/at?time=2030-01-01&vs_currency=btc", Cancellation);

        Assert.Equal((1, 1, 1), ((double)bitcoin["bitcoin"]!["btc"]!, (double)row["price"]!, (double)now["price"]!));
    }

    [Theory]
    [InlineData("xxx")]
    [InlineData("no%20code")]
    public async Task Currency_without_a_rate_is_a_problem_that_names_the_parameter(string currency)
    {
        using var response = await seeded.Api.Client.GetAsync(new Uri($"/data?vs_currency={currency}", UriKind.Relative), Cancellation);
        var problem = await response.Content.ReadFromJsonAsync<JsonObject>(Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.NotNull(problem!["errors"]!["vs_currency"]);
    }

    [Fact]
    public async Task Dollar_is_what_is_there_without_the_parameter()
    {
        var page = await seeded.Api.GetAsync("/data?vs_currency=usd&page_size=1", Cancellation);

        Assert.Equal(VendorApi.BitcoinPrice, (double)page["data"]![0]!["price_usd"]!);
        Assert.False(page.ContainsKey("vs_currency"));
    }
}
