using Npgsql;

namespace Kasparro.Api.Postgres;

internal static class NumberColumns
{
    /// <summary>A double, or null; also where it is NaN or infinite, which PostgreSQL has and JSON has not.</summary>
    public static double? GetNumber(this NpgsqlDataReader row, int column) =>
        !row.IsDBNull(column) && row.GetDouble(column) is var number && double.IsFinite(number) ? number : null;
}
