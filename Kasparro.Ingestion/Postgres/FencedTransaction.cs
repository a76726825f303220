using Kasparro.Ingestion.Model;
using Npgsql;

namespace Kasparro.Ingestion.Postgres;

/// <summary>A transaction that has proven its fencing token: no newer one can be drawn before it ends. Disposed of without a commit, it wrote nothing.</summary>
internal sealed class FencedTransaction : IAsyncDisposable
{
    private readonly NpgsqlTransaction _transaction;

    private FencedTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        Connection = connection;
        _transaction = transaction;
    }

    /// <summary>The transaction's connection.</summary>
    public NpgsqlConnection Connection { get; }

    /// <summary>Begins a transaction.</summary>
    /// <param name="dataSource">The catalogue.</param>
    /// <param name="fencingToken">The token that the worker drew.</param>
    /// <param name="plansByIndex">
    /// Whether all that it reads is looked up by index. The planner, which knows nothing yet of a catalogue that has just grown, would read whole tables for
    /// each page; and what has no index (the one row of a state table) must not look worth compiling.
    /// </param>
    /// <param name="cancellationToken">Cancels the statements.</param>
    /// <exception cref="StaleFencingTokenException">Another worker drew a newer token.</exception>
    public static async Task<FencedTransaction> BeginAsync(
        NpgsqlDataSource dataSource, long fencingToken, bool plansByIndex, CancellationToken cancellationToken)
    {
        var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var batch = new NpgsqlBatch(connection);
            if (plansByIndex)
            {
                batch.BatchCommands.Add(new("SET LOCAL enable_seqscan = off"));
                batch.BatchCommands.Add(new("SET LOCAL jit = off"));
            }

            batch.BatchCommands.Add(LeaseStore.NewestToken());
            LeaseStore.ThrowIfStale(fencingToken, (long)(await batch.ExecuteScalarAsync(cancellationToken))!);
            return new(connection, transaction);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Commits all that was written.</summary>
    public Task CommitAsync(CancellationToken cancellationToken) => _transaction.CommitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await Connection.DisposeAsync();
    }
}
