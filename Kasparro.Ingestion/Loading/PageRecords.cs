using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Loading;

/// <summary>
/// A page's records by listing: the newest one, and earlier quotes, which belong only to the history. The result does not depend on where
/// pages begin: each record is compared with the newest one before it, whether from this page or from the catalogue.
/// </summary>
internal sealed class PageRecords
{
    private PageRecords(Dictionary<Guid, SourceRecord> newest, List<SourceRecord> earlier, int duplicates)
    {
        Newest = newest;
        Earlier = earlier;
        Duplicates = duplicates;
    }

    /// <summary>Each listing's newest record: of quotes with a time, the one with the latest time; otherwise, the last record.</summary>
    public IReadOnlyDictionary<Guid, SourceRecord> Newest { get; }

    /// <summary>Quotes of the same listings at earlier times; for each time, the last one.</summary>
    public IReadOnlyList<SourceRecord> Earlier { get; }

    /// <summary>The number of records that are replaced by a later one in the page.</summary>
    public int Duplicates { get; }

    public static PageRecords From(RecordKind kind, IReadOnlyList<SourceRecord> records)
    {
        var newest = new Dictionary<Guid, SourceRecord>(records.Count);
        var timed = new Dictionary<(Guid ListingId, DateTimeOffset Time), SourceRecord>();
        foreach (var record in records)
        {
            if (newest.TryAdd(record.ListingId, record))
            {
                continue;
            }

            var before = newest[record.ListingId];
            if (kind is RecordKind.Quote)
            {
                Keep(before, overwrites: false);
                Keep(record, overwrites: true);
            }

            if (kind is not RecordKind.Quote || !IsEarlier(record.QuotedAt, before.QuotedAt))
            {
                newest[record.ListingId] = record;
            }
        }

        var earlier = timed.Where(entry => entry.Key.Time != HistoryQuote.GetTime(newest[entry.Key.ListingId]))
            .Select(entry => entry.Value).ToList();
        return new(newest, earlier, records.Count - newest.Count - earlier.Count);

        void Keep(SourceRecord record, bool overwrites)
        {
            if (HistoryQuote.GetTime(record) is not { } time || !HistoryQuote.Has(record))
            {
                return;
            }

            if (overwrites)
            {
                timed[(record.ListingId, time)] = record;
            }
            else
            {
                timed.TryAdd((record.ListingId, time), record);
            }
        }
    }

    /// <summary>Whether a quote is earlier than a known one. If the source gives no time, the one received later counts.</summary>
    public static bool IsEarlier(DateTimeOffset? quotedAt, DateTimeOffset? known) => quotedAt < known;
}
