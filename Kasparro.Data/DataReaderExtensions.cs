using Npgsql;

namespace Kasparro.Data;

/// <summary>Reads common kinds of results.</summary>
public static class DataReaderExtensions
{
    /// <summary>Reads a text column that may be null; Npgsql's typed read rejects null for reference types.</summary>
    public static string? GetStringOrNull(this NpgsqlDataReader reader, int ordinal) =>
        reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);

    /// <summary>Reads the remaining rows of a result.</summary>
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

    /// <summary>Reads all rows of the next result.</summary>
    public static async Task<List<T>> ReadNextAsync<T>(
        this NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await reader.NextResultAsync(cancellationToken);
        return await reader.ReadAllAsync(read, cancellationToken);
    }
}
