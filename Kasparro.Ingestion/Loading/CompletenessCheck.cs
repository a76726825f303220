using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Postgres;
using Kasparro.Ingestion.Sources;
using Npgsql;

namespace Kasparro.Ingestion.Loading;

/// <summary>
/// Distinguishes a complete reading from an outage that looks like one: a list that is empty, or nearly so, where there were thousands of
/// records, or one without prices. Files are not checked, because people replace them with others.
/// </summary>
internal sealed class CompletenessCheck(NpgsqlDataSource dataSource, CheckpointStore checkpoints)
{
    /// <summary>
    /// Judges whether the first page, that of the largest coins, lacks most of their known prices: the upstream has an outage, or has
    /// renamed the field. Further back, many coins may lose their price at once.
    /// </summary>
    /// <returns>Why the page must not be loaded, or null if it may be.</returns>
    public async Task<string?> FindLossOfPricesAsync(ISourceStream stream, SourcePage page, CancellationToken cancellationToken)
    {
        if (stream.Kind is not RecordKind.Quote || stream.ResumesAfterCompletion || page.Number > 0)
        {
            return null;
        }

        var unpriced = page.Records.Where(record => record.PriceUsd is null).Select(record => record.ListingId).Distinct().ToArray();
        return !Absence.IsPlausible(page.Records.Count, unpriced.Length)
            && !Absence.IsPlausible(page.Records.Count, await ListingStore.CountPricedAsync(dataSource, unpriced, cancellationToken))
            ? "most known prices are gone from page 1. That is taken for an outage; nothing was changed."
            : null;
    }

    /// <summary>Fails a reading that cannot be the source's full list; the next reading starts over.</summary>
    /// <param name="run">The run.</param>
    /// <param name="stream">The stream that was read.</param>
    /// <param name="extent">How much of it was read.</param>
    /// <param name="mayShrink">Whether the settings allow the list to have become much shorter.</param>
    /// <param name="cancellationToken">Cancels the statements.</param>
    /// <exception cref="SourceException">The reading is considered an outage.</exception>
    /// <exception cref="StaleFencingTokenException">Another worker has taken over.</exception>
    public async Task RequireAsync(
        ActiveRun run, ISourceStream stream, ReadingExtent extent, bool mayShrink, CancellationToken cancellationToken)
    {
        if (stream.ResumesAfterCompletion)
        {
            return;
        }

        if (extent is { Pages: 0, FirstPage: 0, RecordsBefore: > 0 })
        {
            throw new SourceException(
                $"{stream.Name}: the list is empty, where the last reading had {extent.RecordsBefore} records. That is taken for an "
                    + "outage; nothing was changed.");
        }

        if (!stream.ListsAll)
        {
            return;
        }

        var known = await ListingStore.CountExpectedAsync(dataSource, run.Source, stream.Kind, Absence.Limit, cancellationToken);
        var hasNone = known > 0 && extent is { FirstPage: 0, Loadable: 0 };
        if (hasNone || (!mayShrink && !Absence.IsPlausible(known, known - extent.Records)))
        {
            await checkpoints.StartOverAsync(run, stream.Name, cancellationToken);
            throw new SourceException(
                $"{stream.Name}: {extent.Records} records came{(hasNone ? ", none of which can be loaded" : "")}, where {known} listings "
                    + "are known. That is taken for an outage: nothing is delisted, and the next run starts over."
                    + (hasNone ? "" : " If the source does list so few now, set the source's MayShrink."));
        }
    }
}

/// <summary>How much of a stream has been read.</summary>
/// <param name="firstPage">The page at which it resumed; 0 for the first.</param>
/// <param name="records">The number of records before that page.</param>
/// <param name="recordsBefore">The number of records of the previous reading.</param>
internal sealed class ReadingExtent(int firstPage, long records, long recordsBefore)
{
    public int FirstPage { get; private set; } = firstPage;

    public long Records { get; private set; } = records;

    public long RecordsBefore => recordsBefore;

    public int Pages { get; private set; }

    /// <summary>The number of valid records of the pages that it read itself.</summary>
    public long Loadable { get; private set; }

    public void Add(SourcePage page)
    {
        FirstPage = Pages == 0 ? page.Number : FirstPage;
        Pages++;
        Loadable += page.Records.Count;
        Records = page.RecordsThrough;
    }
}
