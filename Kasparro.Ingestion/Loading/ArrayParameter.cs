using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Ingestion.Loading;

/// <summary>A column of many rows as one parameter, for <c>unnest</c>.</summary>
internal static class ArrayParameter
{
    public static NpgsqlParameter Of<TRow, T>(IReadOnlyCollection<TRow> rows, Func<TRow, T> column, NpgsqlDbType type)
    {
        var values = new T[rows.Count];
        var i = 0;
        foreach (var row in rows)
        {
            values[i++] = column(row);
        }

        return new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | type };
    }
}
