using Kasparro.Ingestion.Model;
using Npgsql;

namespace Kasparro.Ingestion.Postgres;

/// <summary>
/// A transaction that has proven its fencing token: no newer one can be drawn before it ends. Disposed of without a commit, it wrote
/// nothing.
/// </summary>
internal sealed class FencedTransaction : IAsyncDisposable
{
    private static readonly string[] PlanByIndex =
    [
        "SET LOCAL enable_seqscan = off", "SET LOCAL jit = off", "SET LOCAL plan_cache_mode = force_generic_plan",
    ];

    private readonly NpgsqlTransaction _transaction;

    private FencedTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        Connection = connection;
        _transaction = transaction;
    }

    /// <summary>The transaction's connection.</summary>
    public NpgsqlConnection Connection { get; }

    /// <summary>Begins a page's transaction, which looks all that it reads up by index (<see cref="PlanByIndexAsync"/>).</summary>
    /// <exception cref="StaleFencingTokenException">Another worker drew a newer token.</exception>
    public static Task<FencedTransaction> BeginPageAsync(
        NpgsqlDataSource dataSource, long fencingToken, CancellationToken cancellationToken) =>
        BeginAsync(dataSource, fencingToken, PlanByIndex, cancellationToken);

    /// <summary>Begins a transaction.</summary>
    /// <param name="dataSource">The catalogue.</param>
    /// <param name="fencingToken">The token that the worker drew.</param>
    /// <param name="cancellationToken">Cancels the statements.</param>
    /// <exception cref="StaleFencingTokenException">Another worker drew a newer token.</exception>
    public static Task<FencedTransaction> BeginAsync(NpgsqlDataSource dataSource, long fencingToken, CancellationToken cancellationToken) =>
        BeginAsync(dataSource, fencingToken, [], cancellationToken);

    private static async Task<FencedTransaction> BeginAsync(
        NpgsqlDataSource dataSource, long fencingToken, string[] settings, CancellationToken cancellationToken)
    {
        var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var batch = new NpgsqlBatch(connection);
            foreach (var setting in settings)
            {
                batch.BatchCommands.Add(new(setting));
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

    /// <summary>
    /// From here on all that is read is looked up by index. The planner, which knows nothing yet of a catalogue that has just grown, would
    /// read whole tables for each page; and what has no index (the one row of a state table) must not look worth compiling. Plans do not
    /// depend on the values: with thousands of keys, guessing how many rows each has takes longer than reading them.
    /// </summary>
    public async Task PlanByIndexAsync(CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(Connection);
        foreach (var setting in PlanByIndex)
        {
            batch.BatchCommands.Add(new(setting));
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Commits all that was written.</summary>
    public Task CommitAsync(CancellationToken cancellationToken) => _transaction.CommitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await Connection.DisposeAsync();
    }
}
