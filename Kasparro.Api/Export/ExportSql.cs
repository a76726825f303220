using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Api.Export;

/// <summary>The rows of an export, in the order of a unique index, so that PostgreSQL sorts nothing and equal versions give equal exports.</summary>
internal static class ExportSql
{
    public const string Version = "SELECT version FROM catalogue_state WHERE id = 1";

    private const string Assets = """
        SELECT asset_id, symbol, name, source, is_active, price_usd, market_cap_usd, volume_24h_usd, rank, updated_at
        FROM assets WHERE is_active AND ($1 = '' OR symbol_key = $1) ORDER BY asset_id
        """;

    private const string Listings = """
        SELECT asset_id, symbol, name, source, is_active, price_usd, market_cap_usd, volume_24h_usd, rank, coalesce(quoted_at, updated_at)
        FROM listings WHERE source = $2 AND ($1 = '' OR symbol_key = $1) ORDER BY source, external_id
        """;

    public static NpgsqlBatchCommand Rows(ExportQuery query)
    {
        var command = new NpgsqlBatchCommand(query.Source is null ? Assets : Listings) { Parameters = { Text(query.Symbol) } };
        if (query.Source is { } source)
        {
            command.Parameters.Add(Text(source));
        }

        return command;
    }

    private static NpgsqlParameter Text(string value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Text };
}
