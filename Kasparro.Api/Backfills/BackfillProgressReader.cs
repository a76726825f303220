using Kasparro.Data.Runs;
using Npgsql;

namespace Kasparro.Api.Backfills;

/// <summary>Reads how far backfills have come.</summary>
internal sealed class BackfillProgressReader(NpgsqlDataSource catalogue)
{
    /// <summary>The progress of each of these backfills that has been cut into windows; within the caller's deadline.</summary>
    public async Task<IReadOnlyDictionary<Guid, BackfillProgress>> QueryAsync(
        IReadOnlyCollection<Guid> backfills, CancellationToken cancellationToken)
    {
        var progress = new Dictionary<Guid, BackfillProgress>();
        if (backfills.Count == 0)
        {
            return progress;
        }

        await using var command = catalogue.CreateCommand(
            $"""
            SELECT backfill_id, windows, closed, failed, points, written, dropped, seconds_left
            FROM ({BackfillWindow.ProgressSql}) AS p
            """);
        command.Parameters.Add(new() { Value = backfills.ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            double? seconds = await reader.IsDBNullAsync(7, cancellationToken) ? null : reader.GetDouble(7);
            progress.Add(reader.GetGuid(0), new(
                reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5), reader.GetInt64(6),
                1_000 * seconds));
        }

        return progress;
    }
}
