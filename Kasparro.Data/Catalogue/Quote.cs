namespace Kasparro.Data.Catalogue;

/// <summary>
/// One point of a listing's price history, appended only when the quote changed. Partitioned by week of <see cref="QuotedAt"/>.
/// </summary>
public sealed class Quote
{
    /// <summary>The listing.</summary>
    public Guid ListingId { get; init; }

    /// <summary>When the quote was true: the source's time, else when it was fetched.</summary>
    public DateTimeOffset QuotedAt { get; init; }

    /// <summary>Price in US dollars.</summary>
    public double? PriceUsd { get; init; }

    /// <summary>Market capitalisation in US dollars.</summary>
    public double? MarketCapUsd { get; init; }

    /// <summary>Trading volume of the last 24 hours in US dollars.</summary>
    public double? Volume24hUsd { get; init; }

    /// <summary>The run that appended it.</summary>
    public Guid RunId { get; init; }
}
