using Npgsql;

namespace Kasparro.Api.Postgres;

internal static class NumberColumns
{
    /// <summary>A double, or null; also where it is NaN or infinite, which PostgreSQL has and JSON has not.</summary>
    public static double? GetNumber(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : Finite(row.GetDouble(column));

    /// <summary>The number; null where it is NaN or infinite: sums and products of what doubles can hold may be.</summary>
    public static double? Finite(double? number) => number is { } value && double.IsFinite(value) ? value : null;
}
