using Kasparro.Data;
using Kasparro.Data.Catalogue;
using Kasparro.Ingestion.Matching;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Postgres;
using Npgsql;

namespace Kasparro.Ingestion.Loading;

/// <summary>
/// Applies the changes in the overrides, from the file and from operators, since the catalogue was last resolved with them.
/// </summary>
internal sealed class OverridesLoader(NpgsqlDataSource dataSource, AssetResolver resolver, EffectiveOverrides overrides, TimeProvider time)
{
    /// <summary>The operators' current overrides: each pair's newest one, unless it was withdrawn.</summary>
    private const string OperatorsSql = """
        SELECT listing_id, other_id, is_same FROM (
            SELECT DISTINCT ON (listing_id, other_id) listing_id, other_id, is_same
            FROM identity_override_changes ORDER BY listing_id, other_id, change_id DESC) AS newest
        WHERE is_same IS NOT NULL
        """;

    /// <summary>Matches the listings of all pairs that were added, changed or removed, in one transaction.</summary>
    /// <returns>The catalogue's new version, or null if no listing moved to another asset.</returns>
    /// <exception cref="StaleFencingTokenException">Another worker drew a newer token; nothing was written.</exception>
    public async Task<long?> ApplyAsync(long fencingToken, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        overrides.Add(
            await ReadAsync(connection, OperatorsSql, row => (row.GetGuid(0), row.GetGuid(1), row.GetBoolean(2)), cancellationToken));
        var applied = await ReadAsync(
            connection,
            "SELECT listing_id, other_id, is_same, origin FROM identity_overrides",
            row => new AppliedPair(row.GetGuid(0), row.GetGuid(1), row.GetBoolean(2), row.GetString(3)),
            cancellationToken);
        var wanted = overrides.Current.Pairs
            .Select(pair => new AppliedPair(
                pair.Left,
                pair.Right,
                pair.IsSame,
                overrides.File.Names(pair.Left, pair.Right) ? IdentityOverride.FromFile : IdentityOverride.FromOperator))
            .ToHashSet();
        if (applied.SetEquals(wanted))
        {
            return null;
        }

        var changed = new HashSet<AppliedPair>(applied);
        changed.SymmetricExceptWith(wanted);
        var now = time.GetUtcNow();
        var changes = new PageChangeSet(new(Guid.Empty, Source: "", fencingToken), RecordKind.Profile, keepsEveryQuote: false, now, now);
        changes.Others.UnionWith(changed.SelectMany(pair => new[] { pair.Left, pair.Right }));
        await using var transaction = await FencedTransaction.BeginPageAsync(dataSource, fencingToken, cancellationToken);
        var reassigned = await resolver.ResolveAsync(transaction.Connection, changes, cancellationToken);
        var written = await PageWriter.WriteAsync(transaction.Connection, stream: "", changes, reassigned, cancellationToken);
        long? version = reassigned.Count == 0
            ? null
            : await CatalogueVersionStore.MoveAsync(
                transaction.Connection, now, source: "", listingsAdded: 0, written.Assets, cancellationToken);
        await WriteAsync(transaction.Connection, wanted, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return version;
    }

    private static async Task<HashSet<T>> ReadAsync<T>(
        NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return [.. await reader.ReadAllAsync(read, cancellationToken)];
    }

    private static async Task WriteAsync(NpgsqlConnection connection, HashSet<AppliedPair> pairs, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("DELETE FROM identity_overrides"),
                new NpgsqlBatchCommand(
                    """
                    INSERT INTO identity_overrides (listing_id, other_id, is_same, origin)
                    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::boolean[], $4::text[])
                    """).With(
                [
                    pairs.Select(pair => pair.Left).ToArray(), pairs.Select(pair => pair.Right).ToArray(),
                    pairs.Select(pair => pair.IsSame).ToArray(), pairs.Select(pair => pair.Origin).ToArray(),
                ]),
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private readonly record struct AppliedPair(Guid Left, Guid Right, bool IsSame, string Origin);
}
