using System.Text;
using Kasparro.Data;
using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Ingestion.Postgres;

/// <summary>Creates statement parameters: columns of many rows for <c>unnest</c>, and nullable texts.</summary>
internal static class Parameters
{
    /// <summary>Creates one parameter from a column of many rows.</summary>
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

    /// <summary>Creates one parameter from many texts.</summary>
    public static NpgsqlParameter Texts(IEnumerable<string?> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    /// <summary>Creates a parameter from a nullable text, in a form that PostgreSQL can store (<see cref="Storable"/>).</summary>
    public static NpgsqlParameter Text(string? value) => NullableParameters.Text(Storable(value));

    /// <summary>
    /// Makes a text storable: PostgreSQL's text cannot contain NUL, and UTF-8 cannot contain half a surrogate pair. Both are replaced by
    /// visible characters.
    /// </summary>
    public static string? Storable(string? text) =>
        text is null ? null : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Replace('\0', '\u2400')));
}
