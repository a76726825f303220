using System.Text.Json;
using Kasparro.Ingestion.Sources;
using Kasparro.Ingestion.Sources.CoinGecko;
using Kasparro.Ingestion.Sources.CoinPaprika;

namespace Kasparro.Tests.Unit.Ingestion;

/// <summary>
/// A window of past prices in an unexpected format must not pass for one without prices, which would never be read again.
/// </summary>
public sealed class PastPriceTests
{
    private static readonly HistoryWindow Window = new(
        new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero), new(2026, 11, 20, 0, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("""[["2026-11-02",7],["2026-11-03",8]]""")]
    [InlineData("""[{"time":1793577600000,"price":7}]""")]
    [InlineData("[7, 8]")]
    [InlineData("[[1793577600,7],[1793664000,8]]")]
    [InlineData("""[[1793577600000,{"usd":7}],[1793664000000,"?"]]""")]
    public void CoinGeckos_prices_in_another_shape_are_refused(string prices)
    {
        using var response = JsonDocument.Parse($$"""{"prices":{{prices}}}""");

        var refused = Assert.Throws<SourceException>(() => CoinGeckoHistory.Read(response.RootElement, Window));

        Assert.Equal($"None of {response.RootElement.GetProperty("prices").GetArrayLength()} past prices can be read.", refused.Message);
    }

    [Theory]
    [InlineData("[]", 0, 0)]
    [InlineData("[[1793577600000,null],[1793664000000,0]]", 0, 2)] // No prices at these times.
    [InlineData("[[1793577600000,7],[\"x\",8]]", 1, 1)]
    [InlineData("""[["1793577600000","7.5"],[1793664000000,"8e-3"]]""", 2, 0)]
    [InlineData("""[[1793577600000,""]]""", 0, 1)]
    public void CoinGeckos_other_prices_are_read_or_dropped(string prices, int points, int dropped)
    {
        using var response = JsonDocument.Parse($$"""{"prices":{{prices}}}""");

        var history = CoinGeckoHistory.Read(response.RootElement, Window);

        Assert.Equal((points, dropped), (history.Points.Count, history.Dropped));
    }

    [Theory]
    [InlineData("""{"timestamp":"2026-11-02T00:00:00Z","price":7}""", true)]
    [InlineData("""{"timestamp":"2026-11-02T00:00:00Z","price":null}""", true)]
    [InlineData("""{"timestamp":"2026-11-02T00:00:00Z","price":""}""", true)]
    [InlineData("""{"timestamp":"2026-11-02T00:00:00Z","price":"7.5","market_cap":"8"}""", true)]
    [InlineData("""{"timestamp":"2026-11-02T00:00:00Z","price":{"usd":7}}""", false)]
    [InlineData("""{"timestamp":"1970-01-21T18:12:57Z","price":7}""", false)]
    [InlineData("""{"time_open":"2026-11-02T00:00:00Z","price":7}""", false)]
    [InlineData("""{"timestamp":"2026-11-02T00:00:00Z","close":7}""", false)]
    [InlineData("7", false)]
    public void CoinPaprikas_prices_in_another_shape_are_refused(string point, bool isRead)
    {
        using var parsed = JsonDocument.Parse(point);
        var history = new HistoryBuilder(Window);

        CoinPaprikaHistory.Read(parsed.RootElement, history);

        var refused = Record.Exception(history.Build);
        Assert.Equal(isRead ? null : "None of 1 past prices can be read.", refused?.Message);
    }
}
