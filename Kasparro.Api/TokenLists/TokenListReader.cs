using System.Globalization;
using Kasparro.Api.Postgres;
using Kasparro.Data;
using Npgsql;

namespace Kasparro.Api.TokenLists;

/// <summary>Reads the token lists that the worker creates.</summary>
internal sealed class TokenListReader(NpgsqlDataSource catalogue, CatalogueDeadline deadline)
{
    // Without the body if the client may already have it.
    private const string Sql = """
        SELECT chain_id, major, minor, patch, changed_at, without_decimals, unfit, CASE WHEN $3 THEN body END
        FROM token_lists WHERE (chain_id = $1 OR platform = $2) AND body <> ''
        """;

    /// <summary>Reads a chain's list, or null if there is none.</summary>
    /// <param name="chain">A chain id, or any source's id of a platform.</param>
    /// <param name="withBody">Whether to read the list itself.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public Task<StoredTokenList?> ReadAsync(string chain, bool withBody, CancellationToken cancellationToken) =>
        deadline.RunAsync(token => QueryAsync(chain, withBody, token), cancellationToken);

    private async Task<StoredTokenList?> QueryAsync(string chain, bool withBody, CancellationToken cancellationToken)
    {
        await using var command = catalogue.CreateCommand(Sql);
        _ = long.TryParse(chain.StartsWith('0') ? "" : chain, NumberStyles.None, CultureInfo.InvariantCulture, out var chainId);
        command.Parameters.AddValues([chainId, PlatformMap.Find(chain)?.Key ?? chain, withBody]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        var version = string.Create(CultureInfo.InvariantCulture, $"{reader.GetInt32(1)}.{reader.GetInt32(2)}.{reader.GetInt32(3)}");
        return new(
            string.Create(CultureInfo.InvariantCulture, $"W/\"{reader.GetInt64(0)}-{version}-{reader.GetDateTime(4).Ticks:x}\""),
            reader.GetDateTime(4), reader.GetInt32(5), reader.GetInt32(6), reader.IsDBNull(7) ? null : reader.GetString(7));
    }
}

/// <summary>A token list as the worker stored it.</summary>
/// <param name="EntityTag">A weak entity tag, different for each version but the same for each content coding of the list.</param>
/// <param name="ChangedAt">The time at which the version was created.</param>
/// <param name="WithoutDecimals">The number of tokens that are left out because no file has their decimals.</param>
/// <param name="Unfit">The number of tokens that are left out because they do not fit the format.</param>
/// <param name="Body">The list as JSON; null if it was not requested.</param>
internal sealed record StoredTokenList(string EntityTag, DateTime ChangedAt, int WithoutDecimals, int Unfit, string? Body);
