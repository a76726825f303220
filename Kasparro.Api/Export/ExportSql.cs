using Kasparro.Api.Catalogue;
using Kasparro.Api.Postgres;
using Npgsql;

namespace Kasparro.Api.Export;

/// <summary>
/// Reads the rows of an export in the order of a unique index, so that PostgreSQL does not sort, and equal versions give equal exports.
/// </summary>
internal static class ExportSql
{
    private const string Assets = "a.asset_id, a.symbol, a.name, a.source, a.is_active, a.price_usd, a.market_cap_usd, a.volume_24h_usd, " +
        "a.rank, a.updated_at";

    private const string Listings =
        "l.asset_id, l.symbol, l.name, l.source, l.is_active, l.price_usd, l.market_cap_usd, l.volume_24h_usd, l.rank, " +
        "coalesce(l.quoted_at, l.updated_at)";

    public static NpgsqlBatchCommand Rows(DataQuery query)
    {
        var parameters = new SqlParameters();
        var (columns, order) = query.Source is null ? (Assets, "a.asset_id") : (Listings, "l.source, l.external_id");
        return parameters.For($"SELECT {columns} FROM {FilterSql.From(query)} WHERE {FilterSql.Where(query, parameters)} ORDER BY {order}");
    }
}
