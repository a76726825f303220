using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Data;

/// <summary>Creates parameters that may be null, for which PostgreSQL must be told the type.</summary>
public static class NullableParameters
{
    /// <summary>Creates a parameter of a type from a value or null.</summary>
    public static NpgsqlParameter From(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    /// <summary>Creates a text parameter from a text or null.</summary>
    public static NpgsqlParameter Text(string? text) => From(text, NpgsqlDbType.Text);
}
