using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Ingestion.Postgres;

/// <summary>Parameters of several statements: columns of many rows for <c>unnest</c>, texts that may be null.</summary>
internal static class Parameters
{
    /// <summary>A column of many rows as one parameter.</summary>
    public static NpgsqlParameter Column<TRow, T>(IReadOnlyCollection<TRow> rows, Func<TRow, T> column, NpgsqlDbType type)
    {
        var values = new T[rows.Count];
        var i = 0;
        foreach (var row in rows)
        {
            values[i++] = column(row);
        }

        return new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | type };
    }

    /// <summary>Texts as one parameter.</summary>
    public static NpgsqlParameter Texts(IEnumerable<string?> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    /// <summary>A text that may be null as a parameter.</summary>
    public static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
