using Kasparro.Ingestion.Model;
using Npgsql;

namespace Kasparro.Ingestion.Postgres;

/// <summary>The table <c>raw_records</c>.</summary>
internal static class RawRecordStore
{
    /// <summary>COPYs the records that a page brings new or changed, by listing.</summary>
    public static async Task InsertAsync(
        NpgsqlConnection connection,
        ActiveRun run,
        string stream,
        DateTimeOffset fetchedAt,
        IReadOnlyCollection<KeyValuePair<Guid, SourceRecord>> records,
        CancellationToken cancellationToken)
    {
        if (records.Count == 0)
        {
            return;
        }

        await using var copy = await BinaryCopyWriter.BeginAsync(
            connection, "raw_records", "listing_id, fetched_at, stream, content_hash, run_id, payload", cancellationToken);
        foreach (var (listingId, record) in records)
        {
            copy.StartRow();
            copy.Add(listingId);
            copy.Add(fetchedAt);
            copy.Add(stream);
            copy.Add(record.ContentHash);
            copy.Add(run.RunId);
            copy.AddJson(record.Payload.Span);
            await copy.EndRowAsync(cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }
}
