using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Ingestion.Postgres;

/// <summary>
/// Maps rows to the columns of a table; COPY, INSERT and UPDATE are generated from it. The first columns added are the key.
/// </summary>
/// <param name="table">The table.</param>
internal sealed class ColumnMap<TRow>(string table)
{
    private readonly List<Column> _columns = [];

    /// <summary>The columns' names, separated by commas.</summary>
    public string Names => Join(_columns, column => column.Name);

    /// <summary>The names of the columns that an update may change.</summary>
    public IEnumerable<string> Changing => _columns.Where(column => !column.IsFixed).Select(column => column.Name);

    /// <summary>The rows as a table <c>n</c> in an SQL statement, with the parameters from <see cref="Parameters"/>.</summary>
    public string Rows =>
        $"unnest({Join(_columns.Index(), column => $"${column.Index + 1}::{column.Item.Type}[]")}) AS n ({Names})";

    /// <summary>Adds a uuid column.</summary>
    public ColumnMap<TRow> Uuid(string name, Func<TRow, Guid> value, bool isFixed = false) =>
        Add(name, "uuid", isFixed, NpgsqlDbType.Uuid, value, (copy, row) => copy.Add(value(row)));

    /// <summary>Adds a uuid column that may be null.</summary>
    public ColumnMap<TRow> Uuid(string name, Func<TRow, Guid?> value) =>
        Add(name, "uuid", isFixed: false, NpgsqlDbType.Uuid, value, (copy, row) => copy.Add(value(row)));

    /// <summary>Adds a text column.</summary>
    public ColumnMap<TRow> Text(string name, Func<TRow, string?> value, bool isFixed = false) =>
        Add(name, "text", isFixed, NpgsqlDbType.Text, value, (copy, row) => copy.Add(value(row)));

    /// <summary>Adds a boolean column.</summary>
    public ColumnMap<TRow> Boolean(string name, Func<TRow, bool> value) =>
        Add(name, "boolean", isFixed: false, NpgsqlDbType.Boolean, value, (copy, row) => copy.Add(value(row)));

    /// <summary>Adds a smallint column.</summary>
    public ColumnMap<TRow> Smallint(string name, Func<TRow, short> value) =>
        Add(name, "smallint", isFixed: false, NpgsqlDbType.Smallint, value, (copy, row) => copy.Add(value(row)));

    /// <summary>Adds a bigint column.</summary>
    public ColumnMap<TRow> Bigint(string name, Func<TRow, long> value) =>
        Add(name, "bigint", isFixed: false, NpgsqlDbType.Bigint, value, (copy, row) => copy.Add(value(row)));

    /// <summary>Adds an integer column.</summary>
    public ColumnMap<TRow> Integer(string name, Func<TRow, int?> value) =>
        Add(name, "integer", isFixed: false, NpgsqlDbType.Integer, value, (copy, row) => copy.Add(value(row)));

    /// <summary>Adds a float8 column.</summary>
    public ColumnMap<TRow> Double(string name, Func<TRow, double?> value) =>
        Add(name, "float8", isFixed: false, NpgsqlDbType.Double, value, (copy, row) => copy.Add(value(row)));

    /// <summary>Adds a timestamptz column.</summary>
    public ColumnMap<TRow> Time(string name, Func<TRow, DateTimeOffset?> value, bool isFixed = false) =>
        Add(name, "timestamptz", isFixed, NpgsqlDbType.TimestampTz, value, (copy, row) => copy.Add(value(row)));

    /// <summary>Returns the rows' values, column by column, for <see cref="Rows"/>.</summary>
    public IEnumerable<NpgsqlParameter> Parameters(IReadOnlyCollection<TRow> rows) => _columns.Select(column => column.Parameter(rows));

    /// <summary>COPYs rows into the table.</summary>
    /// <param name="connection">In the page's transaction.</param>
    /// <param name="rows">Rows that the table does not have yet.</param>
    /// <param name="cancellationToken">Cancels the statement.</param>
    public async Task CopyAsync(NpgsqlConnection connection, IReadOnlyCollection<TRow> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
        {
            return;
        }

        await using var copy = await BinaryCopyWriter.BeginAsync(connection, table, Names, cancellationToken);
        foreach (var row in rows)
        {
            copy.StartRow();
            foreach (var column in _columns)
            {
                column.Copy(copy, row);
            }

            await copy.EndRowAsync(cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private static string Join<T>(IEnumerable<T> items, Func<T, string> text) => string.Join(", ", items.Select(text));

    private ColumnMap<TRow> Add<T>(
        string name, string type, bool isFixed, NpgsqlDbType parameterType, Func<TRow, T> value, Action<BinaryCopyWriter, TRow> copy)
    {
        _columns.Add(new(name, type, isFixed, rows => Postgres.Parameters.Column(rows, value, parameterType), copy));
        return this;
    }

    private sealed record Column(
        string Name,
        string Type,
        bool IsFixed,
        Func<IReadOnlyCollection<TRow>, NpgsqlParameter> Parameter,
        Action<BinaryCopyWriter, TRow> Copy);
}
