using System.Globalization;
using Kasparro.Api.Postgres;
using Kasparro.Data;
using Npgsql;

namespace Kasparro.Api.TokenLists;

/// <summary>Reads the token lists that the worker creates.</summary>
internal sealed class TokenListReader(NpgsqlDataSource catalogue, CatalogueDeadline deadline)
{
    private const string Sql = """
        SELECT chain_id, major, minor, patch, changed_at, without_decimals, unfit, body
        FROM token_lists WHERE (chain_id = $1 OR platform = $2) AND body <> ''
        """;

    /// <summary>Reads a chain's list, or null if there is none.</summary>
    /// <param name="chain">A chain id, alone or as CAIP-2 writes it, or any source's id of a platform.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public async Task<StoredTokenList?> ReadAsync(string chain, CancellationToken cancellationToken)
    {
        var lists = await deadline.RunAsync(
            token => catalogue.QueryAsync(
                Sql, [PlatformMap.ParseChainId(chain), PlatformMap.Find(chain)?.Key ?? chain], ReadList, token),
            cancellationToken);
        return lists.FirstOrDefault();
    }

    private static StoredTokenList ReadList(NpgsqlDataReader row) => new(
        string.Create(
            CultureInfo.InvariantCulture,
            $"\"{row.GetInt64(0)}-{row.GetInt32(1)}.{row.GetInt32(2)}.{row.GetInt32(3)}-{row.GetDateTime(4).Ticks:x}\""),
        row.GetFieldValue<DateTimeOffset>(4), row.GetInt32(5), row.GetInt32(6), row.GetFieldValue<byte[]>(7));
}

/// <summary>A token list as the worker stored it.</summary>
/// <param name="EntityTag">An entity tag, different for each version.</param>
/// <param name="ChangedAt">The time at which the version was created.</param>
/// <param name="WithoutDecimals">The number of tokens that are left out because no file has their decimals.</param>
/// <param name="Unfit">The number of tokens that are left out because they do not fit the format.</param>
/// <param name="Body">The list as JSON.</param>
internal sealed record StoredTokenList(string EntityTag, DateTimeOffset ChangedAt, int WithoutDecimals, int Unfit, byte[] Body);
