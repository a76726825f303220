using Kasparro.Ingestion.Model;

namespace Kasparro.Tests.Unit.Ingestion.Matching;

public sealed class PriceObservationTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1.0, 1e6, 1.05, 1.1e6, true)] // Price and capitalisation agree.
    [InlineData(1.0, null, 1.05, null, null)] // All stablecoins cost a dollar: price alone proves nothing.
    [InlineData(1.0, 1e6, 1.05, 9e6, null)]
    [InlineData(1.0, 1e6, 2.9, 9e6, null)] // Thinly traded: different, but not by a factor.
    [InlineData(1.0, 1e6, 3.0, 9e6, false)]
    [InlineData(1.0, null, 3.0, null, false)]
    [InlineData(1.0, 1e6, 1000.0, 1e6, null)] // A redenomination.
    [InlineData(0.0, 1e6, 3.0, 9e6, null)]
    [InlineData(null, 1e6, 3.0, 9e6, null)]
    [InlineData(double.NaN, 1e6, 3.0, 9e6, null)]
    [InlineData(1.0, 0.0, 1.0, 0.0, null)] // CoinGecko uses 0 for unknown.
    public void Compare_without_an_earlier_verdict(double? price, double? cap, double? otherPrice, double? otherCap, bool? verdict)
    {
        var (here, there) = (new PriceObservation(price, cap, null, Noon),
            new PriceObservation(otherPrice, otherCap, null, Noon.AddMinutes(59)));
        Assert.Equal(verdict, here.Compare(there, before: null));
        Assert.Equal(verdict, there.Compare(here, before: null));
    }

    [Theory]
    [InlineData(true, 1.0, 1000.0, true)] // An observed agreement stays: one source's price may be wrong or stale.
    [InlineData(false, 1.0, 1000.0, false)]
    [InlineData(false, 1.0, 2.0, false)]
    [InlineData(false, 1.0, 1.05, true)]
    public void Compare_changes_a_verdict_only_where_prices_meet(bool before, double price, double otherPrice, bool after) =>
        Assert.Equal(
            after, new PriceObservation(price, null, null, Noon).Compare(new PriceObservation(otherPrice, null, null, Noon), before));

    [Fact]
    public void Compare_needs_quotes_of_nearly_the_same_time()
    {
        var here = new PriceObservation(1, 1e6, null, Noon);
        Assert.Null(here.Compare(new PriceObservation(50, 9e6, null, Noon.AddMinutes(61)), before: null));
        Assert.Null(here.Compare(new PriceObservation(50, 9e6, null, QuotedAt: null), before: null));
    }

    [Fact]
    public void Supply_agrees_in_place_of_capitalisation() =>
        Assert.True(new PriceObservation(1, null, 21e6, Noon).Compare(new PriceObservation(1, null, 20e6, Noon), before: null));

    [Fact]
    public void Verdict_changes_twice_at_the_most_whatever_the_market_does()
    {
        for (var seed = 0; seed < 1_000; seed++)
        {
            var random = new Random(seed);
            bool? verdict = null;
            var changes = 0;
            for (var tick = 0; tick < 50; tick++)
            {
                var next = Sight().Compare(Sight(), verdict);
                changes += next != verdict ? 1 : 0;
                verdict = next;
            }

            Assert.InRange(changes, 0, 2);

            PriceObservation Sight() =>
                new(Math.Pow(10, random.Next(-1, 2)) * (1 + (random.NextDouble() / 5)), random.Next(3) == 0 ? null : 1e6, null, Noon);
        }
    }
}
