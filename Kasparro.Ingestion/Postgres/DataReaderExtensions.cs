using Npgsql;

namespace Kasparro.Ingestion.Postgres;

/// <summary>What is read from results more than once.</summary>
internal static class DataReaderExtensions
{
    /// <summary>A text column that may be null: Npgsql's typed read refuses null for reference types.</summary>
    public static string? GetStringOrNull(this NpgsqlDataReader reader, int ordinal) =>
        reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);

    /// <summary>All rows of the result at hand.</summary>
    public static async Task<List<T>> ReadAllAsync<T>(
        this NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
