using System.Text;
using Kasparro.Data;
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

    /// <summary>A text that may be null as a parameter, as PostgreSQL can hold it (<see cref="Storable"/>).</summary>
    public static NpgsqlParameter Text(string? value) => NullableParameters.Text(Storable(value));

    /// <summary>PostgreSQL's text has no NUL, and UTF-8 has no half surrogate pairs: both are shown, not lost.</summary>
    public static string? Storable(string? text) =>
        text is null ? null : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Replace('\0', '\u2400')));
}
