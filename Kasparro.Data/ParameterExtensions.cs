using Npgsql;

namespace Kasparro.Data;

/// <summary>Statements' parameters.</summary>
public static class ParameterExtensions
{
    /// <summary>Adds parameters, in the order of <c>$1</c>, <c>$2</c>, …</summary>
    /// <param name="parameters">The parameters so far.</param>
    /// <param name="values">Values, whose types Npgsql maps, and parameters that tell their own.</param>
    public static void AddValues(this NpgsqlParameterCollection parameters, ReadOnlySpan<object> values)
    {
        foreach (var value in values)
        {
            parameters.Add(value as NpgsqlParameter ?? new() { Value = value });
        }
    }

    /// <summary>The statement with parameters, as <see cref="AddValues"/> adds them.</summary>
    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, ReadOnlySpan<object> values)
    {
        command.Parameters.AddValues(values);
        return command;
    }
}
