using System.Globalization;
using Npgsql;

namespace Kasparro.Api.Postgres;

/// <summary>The parameters of one statement, numbered as they are added.</summary>
/// <param name="isPlannedOnce">
/// Whether one plan should serve all values, which suits prepared statements whose plan does not depend on them. PostgreSQL would plan each
/// execution again for as long as it estimates a known LIMIT to be cheaper than an unknown one; for a parameter inside a SELECT it never
/// looks at the value. (Measured: 0.3 ms of 0.4.)
/// </param>
internal sealed class SqlParameters(bool isPlannedOnce = false)
{
    public List<NpgsqlParameter> All { get; } = [];

    /// <summary>Adds a parameter and returns its placeholder.</summary>
    public string Add<T>(T value)
    {
        All.Add(new NpgsqlParameter<T> { TypedValue = value });
        var number = All.Count.ToString(CultureInfo.InvariantCulture);
        return isPlannedOnce ? $"(SELECT ${number})" : $"${number}";
    }

    /// <summary>Adds a text in PostgreSQL's upper case, which is computed once for all rows, and returns its placeholder.</summary>
    public string AddUpper(string text)
    {
        All.Add(new NpgsqlParameter<string> { TypedValue = text });
        var number = All.Count.ToString(CultureInfo.InvariantCulture);
        return isPlannedOnce ? $"(SELECT upper(${number}))" : $"upper(${number})";
    }

    /// <summary>Adds a value whose type is known only at run time, and returns its placeholder.</summary>
    public string AddValue(object value) => value switch
    {
        string text => Add(text),
        double number => Add(number),
        int whole => Add(whole),
        DateTime time => Add(time),
        Guid id => Add(id),
        _ => Add((bool)value),
    };

    /// <summary>Creates a command with these parameters.</summary>
    public NpgsqlCommand CommandFor(string sql, NpgsqlConnection connection)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in All)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    /// <summary>Creates a batch command with these parameters.</summary>
    public NpgsqlBatchCommand For(string sql)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in All)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
