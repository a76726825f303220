using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Data;

/// <summary>Parameters that may be null, whose type PostgreSQL then has to be told.</summary>
public static class NullableParameters
{
    /// <summary>A value of a type, or null.</summary>
    public static NpgsqlParameter From(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    /// <summary>A text, or null.</summary>
    public static NpgsqlParameter Text(string? text) => From(text, NpgsqlDbType.Text);
}
