using Npgsql;

namespace Kasparro.Data;

/// <summary>Adds parameters to statements.</summary>
public static class ParameterExtensions
{
    /// <summary>Adds parameters, in the order of <c>$1</c>, <c>$2</c>, …</summary>
    /// <param name="parameters">The parameters to add to.</param>
    /// <param name="values">Values, whose types Npgsql maps, or parameters with a type of their own.</param>
    public static void AddValues(this NpgsqlParameterCollection parameters, ReadOnlySpan<object> values)
    {
        foreach (var value in values)
        {
            parameters.Add(value as NpgsqlParameter ?? new() { Value = value });
        }
    }

    /// <summary>Adds parameters to the statement, as <see cref="AddValues"/> does.</summary>
    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, ReadOnlySpan<object> values)
    {
        command.Parameters.AddValues(values);
        return command;
    }
}
