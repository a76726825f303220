using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using Kasparro.Api.Postgres;
using Npgsql;

namespace Kasparro.Api.Export;

/// <summary>A row of an export, with the column names of <c>/data</c>.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ExportRow(
    Guid AssetId,
    string Symbol,
    string Name,
    string Source,
    bool IsActive,
    double? PriceUsd,
    double? MarketCap,
    [property: JsonPropertyName("volume_24h")] double? Volume24h,
    int? Rank,
    DateTime UpdatedAt)
{
    public static IReadOnlyList<string> Columns { get; } =
        ["asset_id", "symbol", "name", "source", "is_active", "price_usd", "market_cap", "volume_24h", "rank", "updated_at"];

    public static IReadOnlyList<ParquetColumn<ExportRow>> ParquetColumns { get; } =
    [
        ParquetColumn<ExportRow>.Text(Columns[0], row => row.AssetId.ToString()),
        ParquetColumn<ExportRow>.Text(Columns[1], row => row.Symbol),
        ParquetColumn<ExportRow>.Text(Columns[2], row => row.Name),
        ParquetColumn<ExportRow>.Text(Columns[3], row => row.Source),
        ParquetColumn<ExportRow>.Value(Columns[4], row => row.IsActive),
        ParquetColumn<ExportRow>.Optional(Columns[5], row => row.PriceUsd),
        ParquetColumn<ExportRow>.Optional(Columns[6], row => row.MarketCap),
        ParquetColumn<ExportRow>.Optional(Columns[7], row => row.Volume24h),
        ParquetColumn<ExportRow>.Optional(Columns[8], row => row.Rank),
        ParquetColumn<ExportRow>.Time(Columns[9], row => row.UpdatedAt),
    ];

    /// <summary>Reads a row of <see cref="ExportSql"/>.</summary>
    public static ExportRow Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetBoolean(4), row.GetNumber(5), row.GetNumber(6),
        row.GetNumber(7), row.IsDBNull(8) ? null : row.GetInt32(8), row.GetDateTime(9));
}
