using System.Runtime.InteropServices;
using Kasparro.Api.Postgres;
using Npgsql;

namespace Kasparro.Api.Export;

/// <summary>
/// A candle of an export, in US dollars, with the beginning of its interval (UTC) and the volume of the 24 hours before its last price.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct HistoryExportRow(
    Guid AssetId,
    string Source,
    string ExternalId,
    DateTime Time,
    double Open,
    double High,
    double Low,
    double Close,
    double? Volume24h,
    double? MarketCap,
    int Quotes)
{
    public static IReadOnlyList<string> Columns { get; } =
        ["asset_id", "source", "external_id", "time", "open", "high", "low", "close", "volume_24h", "market_cap", "quotes"];

    public static IReadOnlyList<ParquetColumn<HistoryExportRow>> ParquetColumns { get; } =
    [
        ParquetColumn<HistoryExportRow>.Text(Columns[0], row => row.AssetId.ToString()),
        ParquetColumn<HistoryExportRow>.Text(Columns[1], row => row.Source),
        ParquetColumn<HistoryExportRow>.Text(Columns[2], row => row.ExternalId),
        ParquetColumn<HistoryExportRow>.Time(Columns[3], row => row.Time),
        ParquetColumn<HistoryExportRow>.Value(Columns[4], row => row.Open),
        ParquetColumn<HistoryExportRow>.Value(Columns[5], row => row.High),
        ParquetColumn<HistoryExportRow>.Value(Columns[6], row => row.Low),
        ParquetColumn<HistoryExportRow>.Value(Columns[7], row => row.Close),
        ParquetColumn<HistoryExportRow>.Optional(Columns[8], row => row.Volume24h),
        ParquetColumn<HistoryExportRow>.Optional(Columns[9], row => row.MarketCap),
        ParquetColumn<HistoryExportRow>.Value(Columns[10], row => row.Quotes),
    ];

    /// <summary>Reads a row of <see cref="HistoryExportSql"/>.</summary>
    public static HistoryExportRow Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetDateTime(3), row.GetDouble(4), row.GetDouble(5), row.GetDouble(6),
        row.GetDouble(7), row.GetNumber(8), row.GetNumber(9), row.GetInt32(10));
}
