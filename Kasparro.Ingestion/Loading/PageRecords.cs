using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Loading;

/// <summary>
/// A page's records by listing: the one that counts, and earlier quotes, which belong to the history alone. What results does not depend on
/// where pages begin: each record is compared with the one that counted before it, whether that came in this page or is in the catalogue.
/// </summary>
internal sealed class PageRecords
{
    private PageRecords(Dictionary<Guid, SourceRecord> newest, List<SourceRecord> earlier, int duplicates)
    {
        Newest = newest;
        Earlier = earlier;
        Duplicates = duplicates;
    }

    /// <summary>Each listing's newest record: of quotes with a time the one with the latest, of all others the last.</summary>
    public IReadOnlyDictionary<Guid, SourceRecord> Newest { get; }

    /// <summary>Quotes of the same listings at other, earlier times; one a time, the last.</summary>
    public IReadOnlyList<SourceRecord> Earlier { get; }

    /// <summary>Records that a later one of the page replaces.</summary>
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

    /// <summary>Whether a quote was true before another one that is known. Where the source gives no time, the later word counts.</summary>
    public static bool IsEarlier(DateTimeOffset? quotedAt, DateTimeOffset? known) => quotedAt < known;
}
