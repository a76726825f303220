using System.Buffers;
using Kasparro.Ingestion.Model;
using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Ingestion.Postgres;

/// <summary>The table <c>raw_pages</c>.</summary>
internal static class RawPageStore
{
    /// <summary>
    /// The size of JSON in bytes at which a row ends (its last record may exceed it), since both PostgreSQL values and memory are limited.
    /// </summary>
    private const int MaxBytes = 8 << 20;

    /// <summary>Adds a page's new and changed records, by listing, in one row, or in several if they are large.</summary>
    public static async Task InsertAsync(
        NpgsqlConnection connection,
        ActiveRun run,
        string stream,
        DateTimeOffset fetchedAt,
        IReadOnlyCollection<SourceRecord> records,
        CancellationToken cancellationToken)
    {
        var payload = new ArrayBufferWriter<byte>((int)Math.Min(MaxBytes, 1 + records.Sum(record => record.Payload.Length + 1L)));
        var listings = new List<Guid>();
        foreach (var record in records)
        {
            payload.Write(listings.Count == 0 ? "["u8 : ","u8);
            payload.Write(record.Payload.Span);
            listings.Add(record.ListingId);
            if (payload.WrittenCount >= MaxBytes)
            {
                await InsertAsync(connection, run, stream, fetchedAt, listings, payload, cancellationToken);
            }
        }

        if (listings.Count > 0)
        {
            await InsertAsync(connection, run, stream, fetchedAt, listings, payload, cancellationToken);
        }
    }

    private static async Task InsertAsync(
        NpgsqlConnection connection,
        ActiveRun run,
        string stream,
        DateTimeOffset fetchedAt,
        List<Guid> listings,
        ArrayBufferWriter<byte> payload,
        CancellationToken cancellationToken)
    {
        payload.Write("]"u8);
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO raw_pages (fetched_at, source, stream, run_id, records, listing_ids, payload)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """,
            connection)
        {
            Parameters =
            {
                new() { Value = fetchedAt },
                new() { Value = run.Source },
                new() { Value = stream },
                new() { Value = run.RunId },
                new() { Value = listings.Count },
                new() { Value = listings.ToArray() },
                new() { Value = payload.WrittenMemory, NpgsqlDbType = NpgsqlDbType.Json },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
        listings.Clear();
        payload.ResetWrittenCount();
    }
}
