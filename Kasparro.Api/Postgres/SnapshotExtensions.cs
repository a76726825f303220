using Npgsql;

namespace Kasparro.Api.Postgres;

internal static class SnapshotExtensions
{
    /// <summary>Creates a batch of statements that are sent together and read one snapshot.</summary>
    public static NpgsqlBatch CreateSnapshot(this NpgsqlConnection connection, params IEnumerable<NpgsqlBatchCommand> statements)
    {
        var batch = new NpgsqlBatch(connection) { BatchCommands = { new("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") } };
        foreach (var statement in statements)
        {
            batch.BatchCommands.Add(statement);
        }

        batch.BatchCommands.Add(new("COMMIT"));
        return batch;
    }
}
