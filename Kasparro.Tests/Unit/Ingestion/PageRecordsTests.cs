using Kasparro.Ingestion.Loading;
using Kasparro.Ingestion.Model;

namespace Kasparro.Tests.Unit.Ingestion;

public sealed class PageRecordsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("5 4 3 2 1")]
    [InlineData("1 2 3 4 5")]
    [InlineData("3 5 1 4 2")]
    public void The_latest_quote_counts_in_whichever_order_they_come(string hours)
    {
        var records = PageRecords.From(
            RecordKind.Quote, [.. hours.Split(' ').Select(int.Parse).Select(hour => Record(hour, price: hour))]);

        Assert.Equal(5, Assert.Single(records.Newest.Values).PriceUsd);
        Assert.Equal([1, 2, 3, 4], records.Earlier.Select(earlier => earlier.PriceUsd).Order());
        Assert.Equal(0, records.Duplicates);
    }

    [Fact]
    public void Of_quotes_at_one_time_the_last_counts()
    {
        var records = PageRecords.From(RecordKind.Quote, [Record(1, 1), Record(2, 2), Record(1, 10), Record(2, 20)]);

        Assert.Equal(20, Assert.Single(records.Newest.Values).PriceUsd);
        Assert.Equal(10, Assert.Single(records.Earlier).PriceUsd);
        Assert.Equal(2, records.Duplicates);
    }

    [Fact]
    public void Quotes_without_a_time_replace_what_came_before_them()
    {
        var records = PageRecords.From(RecordKind.Quote, [Record(2, 2), Record(null, 7), Record(null, 8)]);

        Assert.Equal(8, Assert.Single(records.Newest.Values).PriceUsd);
        Assert.Equal(2, Assert.Single(records.Earlier).PriceUsd);
        Assert.Equal(1, records.Duplicates);
    }

    [Fact]
    public void Times_that_PostgreSQL_cannot_tell_apart_are_one()
    {
        var records = PageRecords.From(
            RecordKind.Quote, [Record(1, 1, ticks: 1), Record(1, 2, ticks: 9), Record(2, 3, ticks: 2), Record(2, 4, ticks: 5)]);

        Assert.Equal(4, Assert.Single(records.Newest.Values).PriceUsd);
        Assert.Equal(2, Assert.Single(records.Earlier).PriceUsd);
    }

    [Fact]
    public void Profiles_have_no_history()
    {
        var records = PageRecords.From(RecordKind.Profile, [Record(2, 2), Record(1, 1)]);

        Assert.Equal(1, Assert.Single(records.Newest.Values).PriceUsd);
        Assert.Empty(records.Earlier);
        Assert.Equal(1, records.Duplicates);
    }

    private static SourceRecord Record(int? hour, double price, int ticks = 0) => new()
    {
        ListingId = StableId.ForListing(SourceNames.Csv, "a"),
        ExternalId = "a",
        Symbol = "A",
        Name = "A",
        PriceUsd = price,
        QuotedAt = hour is null ? null : Noon.AddHours(hour.Value).AddTicks(ticks),
        ContentHash = Guid.NewGuid(),
        Payload = "{}"u8.ToArray(),
    };
}
