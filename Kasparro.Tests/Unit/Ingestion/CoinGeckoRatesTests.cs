using System.Text.Json;
using Kasparro.Ingestion.Sources;
using Kasparro.Ingestion.Sources.CoinGecko;

namespace Kasparro.Tests.Unit.Ingestion;

/// <summary>The forms in which an upstream sends a rate.</summary>
public sealed class CoinGeckoRatesTests
{
    [Theory]
    [InlineData("64000")]
    [InlineData("6.4e4")]
    [InlineData("\"64000\"")]
    [InlineData("\" 64000.0 \"")]
    public void A_rate_is_read_in_any_form_of_a_number(string value) => Assert.Equal(64_000, Assert.Single(Read(value)));

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("\"sixty\"")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("\"Infinity\"")]
    [InlineData("1e400")]
    [InlineData("true")]
    public void Anything_else_is_no_rate(string value) => Assert.Throws<SourceException>(() => Read(value));

    private static IEnumerable<double> Read(string value)
    {
        using var response = JsonDocument.Parse($$"""{"rates":{"usd":{"name":"US Dollar","unit":"$","value":{{value}} } } }""");
        return CoinGeckoRates.Read(response.RootElement, DateTimeOffset.UnixEpoch).Rates.Select(rate => rate.PerBitcoin).ToList();
    }
}
