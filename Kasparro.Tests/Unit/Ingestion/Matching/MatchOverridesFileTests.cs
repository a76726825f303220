using Kasparro.Ingestion.Matching;
using Kasparro.ServiceDefaults.Settings;

namespace Kasparro.Tests.Unit.Ingestion.Matching;

public sealed class MatchOverridesFileTests
{
    [Fact]
    public void Parse_reads_both_lists()
    {
        var overrides = Parse("same:\n  - [coinpaprika/a-a, coingecko/a]\ndifferent:\n  - [csv_source/1/2, coingecko/b]\n");
        Assert.True(overrides.AreSame(
            StableId.ForListing(SourceNames.CoinGecko, "a"), StableId.ForListing(SourceNames.CoinPaprika, "a-a")));
        Assert.True(overrides.AreDifferent(StableId.ForListing(SourceNames.Csv, "1/2"), StableId.ForListing(SourceNames.CoinGecko, "b")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing yet\n")]
    [InlineData("same:\ndifferent: []\n")]
    public void Parse_takes_an_empty_file(string yaml) => Assert.True(Parse(yaml).IsEmpty);

    [Theory]
    [InlineData("- a\n", "line 1")]
    [InlineData("same:\n  - [coinpaprika/a-a]\n", "line 2: expected a pair")]
    [InlineData("similar:\n  - [coinpaprika/a-a, coingecko/a]\n", "neither 'same' nor 'different'")]
    [InlineData("same:\n  - [coinpaprikka/a-a, coingecko/a]\n", "'coinpaprikka/a-a' is not source/id")]
    [InlineData("same:\n  - [coingecko/a, coingecko/a]\n", "paired with itself")]
    [InlineData("same: [[coinpaprika/a, coingecko/a]]\ndifferent: [[coingecko/a, coinpaprika/a]]\n", "both the same and different")]
    [InlineData("same: [\n", "line")]
    public void Parse_says_what_is_wrong_and_where(string yaml, string message) =>
        Assert.Contains(message, Assert.Throws<SettingsException>(() => Parse(yaml)).Message, StringComparison.Ordinal);

    private static MatchOverrides Parse(string yaml) => MatchOverridesFile.Parse(new StringReader(yaml), "identity-overrides.yaml");
}
