using System.Globalization;
using Npgsql;

namespace Kasparro.Api.Postgres;

/// <summary>The parameters of one statement, numbered as they are added.</summary>
/// <param name="isPlannedOnce">
/// Whether one plan is to serve all values, which is for prepared statements whose plan does not depend on them. PostgreSQL would plan each
/// execution again as long as it deems a known LIMIT cheaper than an unknown one; behind a SELECT it never looks at a value. (Measured: 0.3
/// ms of 0.4.)
/// </param>
internal sealed class SqlParameters(bool isPlannedOnce = false)
{
    public List<NpgsqlParameter> All { get; } = [];

    /// <summary>Adds a parameter, and returns what stands for it in the statement.</summary>
    public string Add<T>(T value)
    {
        All.Add(new NpgsqlParameter<T> { TypedValue = value });
        var number = All.Count.ToString(CultureInfo.InvariantCulture);
        return isPlannedOnce ? $"(SELECT ${number})" : $"${number}";
    }

    /// <summary>The same for a text in PostgreSQL's upper case, made once for all rows.</summary>
    public string AddUpper(string text)
    {
        All.Add(new NpgsqlParameter<string> { TypedValue = text });
        var number = All.Count.ToString(CultureInfo.InvariantCulture);
        return isPlannedOnce ? $"(SELECT upper(${number}))" : $"upper(${number})";
    }

    /// <summary>The same for a value whose type is known at run time only.</summary>
    public string AddValue(object value) => value switch
    {
        string text => Add(text),
        double number => Add(number),
        int whole => Add(whole),
        DateTime time => Add(time),
        Guid id => Add(id),
        _ => Add((bool)value),
    };

    /// <summary>A statement with these parameters.</summary>
    public NpgsqlCommand CommandFor(string sql, NpgsqlConnection connection)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in All)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    /// <summary>A statement with these parameters, as one of several.</summary>
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
