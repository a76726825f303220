using Kasparro.Ingestion.Model;
using Npgsql;

namespace Kasparro.Ingestion.Postgres;

/// <summary>
/// A transaction that has verified its fencing token: no newer token can be drawn before it ends. If it is disposed without a commit,
/// nothing is written.
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

    /// <summary>Begins a page's transaction, which reads everything by index (<see cref="PlanByIndexAsync"/>).</summary>
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
    /// Makes the rest of the transaction read by index. The planner has no statistics yet for a catalogue that has just grown, and would
    /// scan whole tables for each page; tables without an index (the single row of a state table) must not look expensive enough for JIT
    /// compilation. Plans are generic: with thousands of keys, estimating the number of rows of each takes longer than reading them.
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

    /// <summary>Commits everything that was written.</summary>
    public Task CommitAsync(CancellationToken cancellationToken) => _transaction.CommitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await Connection.DisposeAsync();
    }
}
