namespace Kasparro.Data.Catalogue;

/// <summary>
/// One point of a listing's price history, appended only when the quote changes. Partitioned by week of <see cref="QuotedAt"/>.
/// </summary>
public sealed class Quote
{
    /// <summary>The listing.</summary>
    public Guid ListingId { get; init; }

    /// <summary>The time of the quote: the source's, or else the time at which it was fetched.</summary>
    public DateTimeOffset QuotedAt { get; init; }

    /// <summary>The price in US dollars.</summary>
    public double? PriceUsd { get; init; }

    /// <summary>The market capitalisation in US dollars.</summary>
    public double? MarketCapUsd { get; init; }

    /// <summary>The trading volume of the last 24 hours in US dollars.</summary>
    public double? Volume24hUsd { get; init; }

    /// <summary>The run that appended it.</summary>
    public Guid RunId { get; init; }
}
