using Kasparro.Data;
using Kasparro.Data.Catalogue;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Postgres;
using Npgsql;

namespace Kasparro.Ingestion.Loading.TokenLists;

/// <summary>
/// Creates the token list of each chain for which decimals are known, after an ingestion, and updates its version according to what
/// changed. The API serves it as stored.
/// </summary>
internal sealed partial class TokenListPublisher(NpgsqlDataSource dataSource, TimeProvider time, ILogger<TokenListPublisher> logger)
{
    /// <summary>The maximum number of tokens that the format allows.</summary>
    public const int MaxTokens = 10_000;

    private const string ChainsSql = """
        SELECT k.platform, (SELECT min(u.chain_id) FROM upstream_platforms u WHERE u.platform = k.platform) FROM (
            SELECT platform FROM token_decimals UNION SELECT platform FROM token_lists) AS k (platform) ORDER BY 1
        """;

    // A contract that several assets name is attributed to the one with the largest market capitalisation.
    private const string TokensSql = """
        SELECT t.address, t.symbol, t.name, t.decimals FROM (
            SELECT DISTINCT ON (p.address) p.address, a.symbol, a.name, a.market_cap_usd,
                   (SELECT d.decimals FROM token_decimals d JOIN reference_files f ON f.kind = 'decimals' AND f.file_name = d.file_name
                    WHERE d.platform = p.platform AND d.address = p.address ORDER BY f.loaded_at DESC, f.file_name LIMIT 1) AS decimals
            FROM asset_platforms p JOIN listings l ON l.listing_id = p.listing_id JOIN assets a ON a.asset_id = l.asset_id
            WHERE p.platform = $1 AND l.is_active AND a.is_active
            ORDER BY p.address, a.market_cap_usd DESC NULLS LAST, a.asset_id) AS t
        ORDER BY t.market_cap_usd DESC NULLS LAST, t.address
        """;

    /// <summary>Updates the lists.</summary>
    /// <exception cref="StaleFencingTokenException">Another worker drew a newer token; the current list was not stored.</exception>
    public async Task ApplyAsync(long fencingToken, CancellationToken cancellationToken)
    {
        var chains = new List<(string Platform, long ChainId)>();
        await using (var command = dataSource.CreateCommand(ChainsSql))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var platform = reader.GetString(0);
                if ((PlatformMap.Find(platform)?.ChainId ?? reader.GetFieldValue<long?>(1)) is { } chainId)
                {
                    chains.Add((platform, chainId));
                }
            }
        }

        foreach (var (platform, chainId) in chains)
        {
            await PublishAsync(platform, chainId, fencingToken, cancellationToken);
        }
    }

    private async Task PublishAsync(string platform, long chainId, long fencingToken, CancellationToken cancellationToken)
    {
        var (tokens, withoutDecimals, unfit) = await ReadTokensAsync(platform, cancellationToken);
        await using var transaction = await FencedTransaction.BeginAsync(dataSource, fencingToken, cancellationToken);
        var stored = await ReadAsync(transaction.Connection, chainId, cancellationToken);
        if (stored is null && tokens.Count == 0)
        {
            return;
        }

        var version = stored is null ? TokenListVersion.First : stored.Version.After(TokenListJson.ReadTokens(stored.Body), tokens);
        var isSame = stored is not null && version == stored.Version;
        if (isSame && (stored!.WithoutDecimals, stored.Unfit) == (withoutDecimals, unfit))
        {
            return;
        }

        var now = isSame ? stored!.ChangedAt : time.GetUtcNow();
        var body = isSame ? stored!.Body : tokens.Count == 0 ? "" : TokenListJson.Write(platform, chainId, version, now, tokens);
        await WriteAsync(
            transaction.Connection,
            new()
            {
                ChainId = chainId,
                Platform = platform,
                Major = version.Major,
                Minor = version.Minor,
                Patch = version.Patch,
                ChangedAt = now,
                TokenCount = tokens.Count,
                WithoutDecimals = withoutDecimals,
                Unfit = unfit,
                Body = body,
            },
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (!isSame)
        {
            Log.Published(logger, platform, version.Major, version.Minor, version.Patch, tokens.Count, withoutDecimals);
        }
    }

    private async Task<(List<ListedToken> Tokens, int WithoutDecimals, int Unfit)> ReadTokensAsync(string platform,
        CancellationToken cancellationToken)
    {
        var rule = PlatformMap.Find(platform)?.Address ?? AddressRule.Evm;
        var tokens = new Dictionary<string, ListedToken>(StringComparer.OrdinalIgnoreCase);
        var (withoutDecimals, unfit) = (0, 0);
        await using var command = dataSource.CreateCommand(TokensSql);
        command.Parameters.AddValues([platform]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (reader.GetFieldValue<short?>(3) is not { } decimals)
            {
                withoutDecimals++;
            }
            else if (ListedToken.Create(rule, reader.GetString(0), reader.GetString(1), reader.GetString(2), decimals) is { } token
                && (tokens.Count < MaxTokens || tokens.ContainsKey(token.Address)))
            {
                tokens.TryAdd(token.Address, token); // XDC addresses come in two forms.
            }
            else
            {
                unfit++;
            }
        }

        return ([.. tokens.Values], withoutDecimals, unfit);
    }

    private static async Task<StoredList?> ReadAsync(NpgsqlConnection connection, long chainId, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT major, minor, patch, changed_at, without_decimals, unfit, body FROM token_lists WHERE chain_id = $1", connection);
        command.Parameters.AddValues([chainId]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(
                new(reader.GetInt32(0), reader.GetInt32(1), reader.GetInt32(2)), reader.GetFieldValue<DateTimeOffset>(3),
                    reader.GetInt32(4), reader.GetInt32(5),
                reader.GetString(6))
            : null;
    }

    private static async Task WriteAsync(NpgsqlConnection connection, TokenList list, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO token_lists (chain_id, platform, major, minor, patch, changed_at, token_count, without_decimals, unfit, body)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (chain_id) DO UPDATE
            SET platform = excluded.platform, major = excluded.major, minor = excluded.minor, patch = excluded.patch,
                changed_at = excluded.changed_at,
                token_count = excluded.token_count, without_decimals = excluded.without_decimals, unfit = excluded.unfit,
                body = excluded.body
            """,
            connection);
        command.Parameters.AddValues(
        [
            list.ChainId, list.Platform, list.Major, list.Minor, list.Patch, list.ChangedAt, list.TokenCount, list.WithoutDecimals,
            list.Unfit, list.Body,
        ]);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private sealed record StoredList(TokenListVersion Version, DateTimeOffset ChangedAt, int WithoutDecimals, int Unfit, string Body);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information,
            "Token list of {Platform}: version {Major}.{Minor}.{Patch}, {Tokens} tokens; {WithoutDecimals} without decimals are left out.")]
        public static partial void Published(ILogger logger, string platform, int major, int minor, int patch, int tokens,
            int withoutDecimals);
    }
}
