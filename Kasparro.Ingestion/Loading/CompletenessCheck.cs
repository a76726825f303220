using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Postgres;
using Kasparro.Ingestion.Sources;
using Npgsql;

namespace Kasparro.Ingestion.Loading;

/// <summary>
/// Tells a reading that came to its end from an outage that looks like one: a list that is empty, or holds next to nothing, where there
/// were thousands. Files are not judged: people replace them by smaller ones.
/// </summary>
internal sealed class CompletenessCheck(NpgsqlDataSource dataSource, CheckpointStore checkpoints)
{
    /// <summary>Fails a reading that cannot be all that its source lists; the next one starts over.</summary>
    /// <param name="run">The run.</param>
    /// <param name="stream">What was read.</param>
    /// <param name="extent">How much of it came.</param>
    /// <param name="mayShrink">Whether an operator has said that the list may have become much shorter.</param>
    /// <param name="cancellationToken">Cancels the statements.</param>
    /// <exception cref="SourceException">The reading is taken for an outage.</exception>
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

/// <summary>How much of a stream one reading has brought.</summary>
/// <param name="firstPage">The page that it resumed at; 0 for the first.</param>
/// <param name="records">Records that came before that page.</param>
/// <param name="recordsBefore">Records that the reading before had.</param>
internal sealed class ReadingExtent(int firstPage, long records, long recordsBefore)
{
    public int FirstPage { get; private set; } = firstPage;

    public long Records { get; private set; } = records;

    public long RecordsBefore => recordsBefore;

    public int Pages { get; private set; }

    /// <summary>Records of its own pages that are valid.</summary>
    public long Loadable { get; private set; }

    public void Add(SourcePage page)
    {
        FirstPage = Pages == 0 ? page.Number : FirstPage;
        Pages++;
        Loadable += page.Records.Count;
        Records = page.RecordsThrough;
    }
}
