namespace Kasparro.Benchmarks.Ingestion;

/// <summary>
/// The upper limit: the rows of a finished run, as PostgreSQL's own COPY bytes, copied back into the same tables with the same indexes, in
/// one transaction on one connection. The client only sends.
/// </summary>
internal sealed class CopyCeiling
{
    private static readonly string[] Tables =
    [
        "listings", "raw_pages", "quotes", "hourly_candles", "daily_candles", "assets", "logos", "catalogue_changes",
    ];

    private readonly List<(string Table, List<byte[]> Chunks)> _rows = [];

    private CopyCeiling()
    {
    }

    /// <summary>Reads the database's current rows into memory.</summary>
    public static Task<CopyCeiling> OfAsync(BenchDatabase database, CancellationToken cancellationToken) =>
        OfAsync(database, [.. Tables.Select(table => (table, "true"))], cancellationToken);

    /// <summary>Reads those rows of tables into memory that meet a table's condition.</summary>
    public static async Task<CopyCeiling> OfAsync(
        BenchDatabase database, IReadOnlyList<(string Table, string Condition)> tables, CancellationToken cancellationToken)
    {
        var ceiling = new CopyCeiling();
        await using var connection = await database.Connections.OpenConnectionAsync(cancellationToken);
        foreach (var (table, condition) in tables)
        {
            var chunks = new List<byte[]>();
            await using var copy = await connection.BeginRawBinaryCopyAsync(
                $"COPY (SELECT * FROM {table} WHERE {condition}) TO STDOUT (FORMAT BINARY)", cancellationToken);
            var buffer = new byte[1 << 16];
            int length;
            while ((length = await copy.ReadAsync(buffer, cancellationToken)) > 0)
            {
                chunks.Add(buffer[..length]);
            }

            ceiling._rows.Add((table, chunks));
        }

        return ceiling;
    }

    public async Task<TimeSpan> CopyAsync(BenchDatabase database, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        await using var connection = await database.Connections.OpenConnectionAsync(cancellationToken);
        var began = time.GetTimestamp();
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var (table, chunks) in _rows)
        {
            await using var copy = await connection.BeginRawBinaryCopyAsync($"COPY {table} FROM STDIN (FORMAT BINARY)", cancellationToken);
            foreach (var chunk in chunks)
            {
                await copy.WriteAsync(chunk, cancellationToken);
            }
        }

        await transaction.CommitAsync(cancellationToken);
        return time.GetElapsedTime(began);
    }
}
