using System.Diagnostics;
using Kasparro.Data;
using Kasparro.Data.Runs;
using Kasparro.Ingestion.Postgres;
using Kasparro.Ingestion.Sources;
using Npgsql;

namespace Kasparro.Ingestion.Runs;

/// <summary>
/// The ingestions that operators requested, in PostgreSQL, so that they survive a restart of either side. A request waits until its first
/// run has been opened, so that no earlier failure can lose it.
/// </summary>
internal sealed class IngestionOrderStore(NpgsqlDataSource dataSource, TimeProvider time)
{
    /// <summary>Requests an ingestion of one source, or of all; returns null if one is running or waiting already.</summary>
    public async Task<Guid?> TryAddAsync(string? source, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(IngestionOrder.InsertSql);
        var now = time.GetUtcNow();
        command.Parameters.AddValues([Guid.CreateVersion7(now), Parameters.Text(source), now, Parameters.Text(Activity.Current?.Id)]);
        return (Guid?)await command.ExecuteScalarAsync(cancellationToken);
    }

    /// <summary>The waiting ingestion, or null.</summary>
    public async Task<IngestionRequest?> FindWaitingAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            "SELECT ingestion_id, source, trace_parent FROM ingestion_orders WHERE is_waiting LIMIT 1");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(RunTrigger.Request, reader.GetStringOrNull(1) is { } source ? [source] : [])
            {
                IngestionId = reader.GetGuid(0),
                TraceParent = reader.GetStringOrNull(2),
            }
            : null;
    }
}
