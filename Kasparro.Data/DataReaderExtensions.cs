using Npgsql;

namespace Kasparro.Data;

/// <summary>Reads common kinds of results.</summary>
public static class DataReaderExtensions
{
    /// <summary>Reads a text column that may be null; Npgsql's typed read rejects null for reference types.</summary>
    public static string? GetStringOrNull(this NpgsqlDataReader reader, int ordinal) =>
        reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);

    /// <summary>Runs a statement on a connection of its own and reads its rows.</summary>
    /// <param name="source">The database.</param>
    /// <param name="sql">The statement.</param>
    /// <param name="values">Its parameters, as <see cref="ParameterExtensions.AddValues"/> adds them.</param>
    /// <param name="read">Reads a row.</param>
    /// <param name="cancellationToken">Stops the statement.</param>
    public static async Task<List<T>> QueryAsync<T>(
        this NpgsqlDataSource source, string sql, object[] values, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(sql);
        command.Parameters.AddValues(values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAllAsync(read, cancellationToken);
    }

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
