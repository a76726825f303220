using Kasparro.Api.Postgres;
using Npgsql;

namespace Kasparro.Api.Vendors;

/// <summary>An asset as a vendor's route shows it, with amounts in US dollars.</summary>
/// <param name="Asked">The name, symbol, address or asset's id that the row was found by; null if it was found by
/// <paramref name="Id"/>.</param>
/// <param name="Id">The vendor's id, or the asset's id if the vendor does not list it.</param>
/// <param name="AssetId">The asset's id.</param>
/// <param name="Symbol">The symbol as the vendor spells it.</param>
/// <param name="Name">The name as the vendor spells it.</param>
/// <param name="IsActive">Whether the vendor lists it as active.</param>
/// <param name="Rank">The rank by market capitalisation, from 1.</param>
/// <param name="Price">The price.</param>
/// <param name="MarketCap">The market capitalisation.</param>
/// <param name="Volume">The volume of the last 24 hours.</param>
/// <param name="Supply">The supplies.</param>
/// <param name="QuotedAt">The time of the price, UTC.</param>
/// <param name="Past">The past quotes, in the order of the selection's windows.</param>
/// <param name="High">The highest price of the last 24 hours.</param>
/// <param name="Low">The lowest price of the last 24 hours.</param>
/// <param name="Sparkline">Hourly prices of the last seven days, the oldest first.</param>
/// <param name="HasLogo">Whether the asset has a logo, if the selection asks for it.</param>
/// <param name="Contracts">The asset's contracts, if the selection asks for them.</param>
internal sealed record MarketRow(
    string? Asked,
    string Id,
    Guid AssetId,
    string Symbol,
    string Name,
    bool IsActive,
    int? Rank,
    double? Price,
    double? MarketCap,
    double? Volume,
    Supplies Supply,
    DateTime? QuotedAt,
    IReadOnlyList<PastQuote> Past,
    double? High,
    double? Low,
    IReadOnlyList<double>? Sparkline,
    bool HasLogo,
    IReadOnlyList<(string Platform, string Address)> Contracts)
{
    /// <summary>The worth of all units that can ever exist; null if their number is not known.</summary>
    public double? FullyDiluted =>
        NumberColumns.Finite(Price * (Supply.Max is > 0 ? Supply.Max : Supply.Total)) is > 0 and var worth ? worth : null;

    /// <summary>Reads a row of <see cref="MarketSql"/>.</summary>
    public static MarketRow From(NpgsqlDataReader row) => new(
        row.IsDBNull(0) ? null : row.GetString(0), row.GetString(1), row.GetGuid(2), row.GetString(3), row.GetString(4), row.GetBoolean(5),
        row.GetFieldValue<int?>(6), row.GetNumber(7), row.GetNumber(8), row.GetNumber(9),
        new(row.GetNumber(10), row.GetNumber(11), row.GetNumber(12)), row.GetFieldValue<DateTime?>(13), ReadPast(row), row.GetNumber(17),
        row.GetNumber(18), row.IsDBNull(19) ? null : row.GetFieldValue<double[]>(19), row.GetBoolean(20), ContractSql.Read(row, 21));

    private static IReadOnlyList<PastQuote> ReadPast(NpgsqlDataReader row)
    {
        if (row.IsDBNull(14))
        {
            return [];
        }

        var (prices, caps, volumes) = (row.GetFieldValue<double?[]>(14), row.GetFieldValue<double?[]>(15),
            row.GetFieldValue<double?[]>(16));
        return [.. prices.Select((price, index) => new PastQuote(
            NumberColumns.Finite(price), NumberColumns.Finite(caps[index]), NumberColumns.Finite(volumes[index])))];
    }
}

/// <summary>The number of units that circulate, exist, and can ever exist.</summary>
internal sealed record Supplies(double? Circulating, double? Total, double? Max);

/// <summary>A past quote, in US dollars, with the volume of 24 hours.</summary>
internal sealed record PastQuote(double? Price, double? MarketCap, double? Volume);
