using Kasparro.Ingestion.Identity;
using Kasparro.Ingestion.Runs;
using Npgsql;

namespace Kasparro.Ingestion.Loading;

/// <summary>Applies what changed in the overrides file since the catalogue was last resolved with it.</summary>
internal sealed class OverridesLoader(NpgsqlDataSource dataSource, IdentityResolver identity, IdentityOverrides overrides, TimeProvider time)
{
    /// <summary>Decides anew about the listings of every pair that was added, changed or taken out, in one transaction.</summary>
    /// <returns>The catalogue's new version; null where nothing moved.</returns>
    /// <exception cref="StaleFencingTokenException">Another worker drew a newer token; nothing was written.</exception>
    public async Task<long?> ApplyAsync(long fencingToken, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var applied = await ReadAsync(connection, cancellationToken);
        var wanted = overrides.Pairs.ToHashSet();
        if (applied.SetEquals(wanted))
        {
            return null;
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await RunJournal.ProveTokenAsync(connection, fencingToken, cancellationToken);
        var changed = new HashSet<(Guid Left, Guid Right, bool IsSame)>(applied);
        changed.SymmetricExceptWith(wanted);
        Guid[] listings = [.. changed.SelectMany(pair => new[] { pair.Left, pair.Right }).Distinct()];
        var reassigned = await identity.ResolveAsync(connection, listings: [], formerKeys: [], listings, cancellationToken);
        var version = await Reunion.ApplyAsync(connection, source: "", reassigned, time.GetUtcNow(), cancellationToken);
        await WriteAsync(connection, wanted, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return version;
    }

    private static async Task<HashSet<(Guid Left, Guid Right, bool IsSame)>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var pairs = new HashSet<(Guid, Guid, bool)>();
        await using var command = new NpgsqlCommand("SELECT listing_id, other_id, is_same FROM identity_overrides", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            pairs.Add((reader.GetGuid(0), reader.GetGuid(1), reader.GetBoolean(2)));
        }

        return pairs;
    }

    private static async Task WriteAsync(
        NpgsqlConnection connection, HashSet<(Guid Left, Guid Right, bool IsSame)> pairs, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("DELETE FROM identity_overrides"),
                new("INSERT INTO identity_overrides (listing_id, other_id, is_same) SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::boolean[])")
                {
                    Parameters =
                    {
                        new() { Value = pairs.Select(pair => pair.Left).ToArray() },
                        new() { Value = pairs.Select(pair => pair.Right).ToArray() },
                        new() { Value = pairs.Select(pair => pair.IsSame).ToArray() },
                    },
                },
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
