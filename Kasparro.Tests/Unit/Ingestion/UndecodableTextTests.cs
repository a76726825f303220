using System.Text.Json;
using Kasparro.Ingestion.Sources;
using Kasparro.Ingestion.Sources.CoinGecko;
using Kasparro.Ingestion.Sources.CoinPaprika;

namespace Kasparro.Tests.Unit.Ingestion;

/// <summary>Half of a surrogate pair is valid JSON but not text. It affects only what contains it, also outside of records.</summary>
public sealed class UndecodableTextTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Rate_whose_code_cannot_be_decoded_is_rejected_and_a_name_is_replaced()
    {
        using var response = JsonDocument.Parse(
            """{"rates":{"usd":{"name":"\ud800","unit":"$","value":91000.5,"type":"fiat"},"\udc00":{"value":1}}}""");

        var page = CoinGeckoRates.Read(response.RootElement, Now);

        var rate = Assert.Single(page.Rates);
        Assert.Equal(("usd", "USD", "$"), (rate.Currency, rate.Name, rate.Unit));
        Assert.Equal("rates. is not a currency's code.", Assert.Single(page.Rejections).Detail);
    }

    [Fact]
    public void Past_price_whose_time_cannot_be_decoded_is_dropped()
    {
        using var points = JsonDocument.Parse(
            """[{"timestamp":"\ud800","price":1.5},{"timestamp":"2026-11-20T00:00:00Z","price":2.5}]""");
        var history = new HistoryBuilder(new(Now.AddDays(-1), Now));

        foreach (var point in points.RootElement.EnumerateArray())
        {
            CoinPaprikaHistory.Read(point, history);
        }

        Assert.Equal((2.5, 1), (Assert.Single(history.Build().Points).PriceUsd, history.Build().Dropped));
    }
}
