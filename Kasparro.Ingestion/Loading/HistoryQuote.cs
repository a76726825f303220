using Kasparro.Data.Catalogue;
using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Loading;

/// <summary>Creates quotes of the price history from records.</summary>
internal static class HistoryQuote
{
    /// <summary>Whether the record has any market data.</summary>
    public static bool Has(SourceRecord record) => (record.PriceUsd ?? record.MarketCapUsd ?? record.Volume24hUsd) is not null;

    /// <summary>
    /// Returns the time of the record's quote in whole microseconds, as PostgreSQL stores it, or null if the source gives none.
    /// </summary>
    public static DateTimeOffset? GetTime(SourceRecord record) => record.QuotedAt is { } time ? Cut(time) : null;

    public static Quote From(ActiveRun run, SourceRecord record, DateTimeOffset fetchedAt) => new()
    {
        ListingId = record.ListingId,
        QuotedAt = Cut(record.QuotedAt ?? fetchedAt),
        PriceUsd = record.PriceUsd,
        MarketCapUsd = record.MarketCapUsd,
        Volume24hUsd = record.Volume24hUsd,
        RunId = run.RunId,
    };

    private static DateTimeOffset Cut(DateTimeOffset time) => time.ToUniversalTime().AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));
}
