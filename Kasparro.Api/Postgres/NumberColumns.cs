using Npgsql;

namespace Kasparro.Api.Postgres;

internal static class NumberColumns
{
    /// <summary>Reads a double; null if the column is null, NaN or infinite, which PostgreSQL supports and JSON does not.</summary>
    public static double? GetNumber(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : Finite(row.GetDouble(column));

    /// <summary>Returns the number, or null if it is NaN or infinite, as sums and products of finite doubles may be.</summary>
    public static double? Finite(double? number) => number is { } value && double.IsFinite(value) ? value : null;
}
