using Parquet;
using Parquet.Schema;

namespace Kasparro.Api.Export;

/// <summary>Writes Parquet in row groups of a bounded size; no more than one group is held in memory.</summary>
/// <typeparam name="T">The type of the rows.</typeparam>
internal sealed class ParquetExport<T> : IExportWriter<T>
{
    private const int GroupRows = 20_000;

    private readonly Stream _output;
    private readonly IReadOnlyList<ParquetColumn<T>> _columns;
    private readonly MemoryStream _group;
    private readonly ParquetWriter _parquet;
    private readonly List<T> _rows = new(GroupRows);

    private ParquetExport(Stream output, IReadOnlyList<ParquetColumn<T>> columns, MemoryStream group, ParquetWriter parquet) =>
        (_output, _columns, _group, _parquet) = (output, columns, group, parquet);

    public static async Task<ParquetExport<T>> BeginAsync(
        Stream output, IReadOnlyList<ParquetColumn<T>> columns, CancellationToken cancellationToken)
    {
        // The library flushes synchronously, which a response does not allow: it writes into memory, which is passed on after each row
        // group.
        var group = new MemoryStream();
        var schema = new ParquetSchema(columns.Select(column => column.Field));
        return new(output, columns, group, await ParquetWriter.CreateAsync(schema, group, cancellationToken: cancellationToken));
    }

    public ValueTask WriteAsync(T row, CancellationToken cancellationToken)
    {
        _rows.Add(row);
        return _rows.Count == GroupRows ? new(WriteGroupAsync(cancellationToken)) : ValueTask.CompletedTask;
    }

    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        if (_rows.Count > 0)
        {
            await WriteGroupAsync(cancellationToken);
        }

        await _parquet.DisposeAsync();
        await PassOnAsync(cancellationToken);
    }

    // Disposing the writer would write the footer, and a file with a footer would look complete.
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task WriteGroupAsync(CancellationToken cancellationToken)
    {
        using var group = _parquet.CreateRowGroup();
        foreach (var column in _columns)
        {
            await column.Write(group, _rows, cancellationToken);
        }

        group.CompleteValidate();
        _rows.Clear();
        await PassOnAsync(cancellationToken);
    }

    private async Task PassOnAsync(CancellationToken cancellationToken)
    {
        await _output.WriteAsync(_group.GetBuffer().AsMemory(0, (int)_group.Length), cancellationToken);
        _group.SetLength(0);
    }
}

/// <summary>A column of a Parquet file.</summary>
/// <param name="Field">The name and type.</param>
/// <param name="Write">Writes the column's values of some rows.</param>
/// <typeparam name="T">The type of the rows.</typeparam>
internal sealed record ParquetColumn<T>(DataField Field, Func<ParquetRowGroupWriter, List<T>, CancellationToken, Task> Write)
{
    /// <summary>Creates a column of texts that are never absent.</summary>
    public static ParquetColumn<T> Text(string name, Func<T, string> value)
    {
        var field = new DataField<string>(name, false);
        return new(field, (group, rows, cancellationToken) =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return group.WriteAsync(field, rows.ConvertAll(row => value(row)));
        });
    }

    /// <summary>Creates a column of values that are never absent.</summary>
    public static ParquetColumn<T> Value<TValue>(string name, Func<T, TValue> value)
        where TValue : struct => Value(new DataField<TValue>(name), value);

    /// <summary>Creates a column of times, UTC, that are never absent.</summary>
    public static ParquetColumn<T> Time(string name, Func<T, DateTime> value) => Value(
        new DateTimeDataField(name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, unit: DateTimeTimeUnit.Micros), value);

    /// <summary>Creates a column of values that may be absent.</summary>
    public static ParquetColumn<T> Optional<TValue>(string name, Func<T, TValue?> value)
        where TValue : struct
    {
        var field = new DataField<TValue?>(name);
        return new(field, async (group, rows, cancellationToken) => await group.WriteAsync<TValue>(
            field, (ReadOnlyMemory<TValue?>)rows.Select(value).ToArray(), cancellationToken: cancellationToken));
    }

    private static ParquetColumn<T> Value<TValue>(DataField field, Func<T, TValue> value)
        where TValue : struct => new(field, async (group, rows, cancellationToken) => await group.WriteAsync<TValue>(
            field, (ReadOnlyMemory<TValue>)rows.Select(value).ToArray(), cancellationToken: cancellationToken));
}
