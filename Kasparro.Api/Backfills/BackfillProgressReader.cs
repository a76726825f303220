using Kasparro.Data;
using Kasparro.Data.Runs;
using Npgsql;

namespace Kasparro.Api.Backfills;

/// <summary>Reads the progress of backfills.</summary>
internal sealed class BackfillProgressReader(NpgsqlDataSource catalogue)
{
    private const string Sql = $"""
        SELECT backfill_id, windows, closed, failed, points, written, dropped, seconds_left FROM ({BackfillWindow.ProgressSql}) AS p
        """;

    /// <summary>Reads the progress of those backfills that have been divided into windows, within the caller's deadline.</summary>
    public async Task<IReadOnlyDictionary<Guid, BackfillProgress>> QueryAsync(
        IReadOnlyCollection<Guid> backfills, CancellationToken cancellationToken)
    {
        if (backfills.Count == 0)
        {
            return new Dictionary<Guid, BackfillProgress>();
        }

        var progress = await catalogue.QueryAsync(
            Sql,
            [backfills.ToArray()],
            row => KeyValuePair.Create(row.GetGuid(0), new BackfillProgress(
                row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6),
                1_000 * row.GetFieldValue<double?>(7))),
            cancellationToken);
        return progress.ToDictionary();
    }
}
