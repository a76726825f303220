using Npgsql;

namespace Kasparro.Ingestion.Postgres;

internal static class DataReaderExtensions
{
    /// <summary>A text column that may be null: Npgsql's typed read refuses null for reference types.</summary>
    public static string? GetStringOrNull(this NpgsqlDataReader reader, int ordinal) =>
        reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);
}
