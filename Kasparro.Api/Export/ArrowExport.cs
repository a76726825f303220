using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;

namespace Kasparro.Api.Export;

/// <summary>Writes Arrow's IPC stream in batches of a bounded size; no more than one batch is held in memory.</summary>
internal sealed class ArrowExport : IExportWriter<HistoryExportRow>
{
    private const int BatchRows = 20_000;

    private static readonly TimestampType Time = new(TimeUnit.Microsecond, "UTC");

    private static readonly Schema Schema = new(
        HistoryExportRow.Columns.Zip(
            (IArrowType[])
            [
                StringType.Default, StringType.Default, StringType.Default, Time, DoubleType.Default, DoubleType.Default,
                DoubleType.Default, DoubleType.Default, DoubleType.Default, DoubleType.Default, Int32Type.Default,
            ],
            (name, type) => new Field(name, type, nullable: name is "volume_24h" or "market_cap")),
        metadata: null);

    private readonly Stream _output;
    private readonly MemoryStream _batch = new();
    private readonly ArrowStreamWriter _arrow;
    private readonly List<HistoryExportRow> _rows = new(BatchRows);

    /// <summary>Creates the writer of a new stream.</summary>
    public ArrowExport(Stream output)
    {
        _output = output;
        _arrow = new(_batch, Schema, leaveOpen: true);
    }

    public ValueTask WriteAsync(HistoryExportRow row, CancellationToken cancellationToken)
    {
        _rows.Add(row);
        return _rows.Count == BatchRows ? new(WriteBatchAsync(cancellationToken)) : ValueTask.CompletedTask;
    }

    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        // An empty stream has a schema, too.
        await _arrow.WriteStartAsync(cancellationToken);
        if (_rows.Count > 0)
        {
            await WriteBatchAsync(cancellationToken);
        }

        await _arrow.WriteEndAsync(cancellationToken);
        await PassOnAsync(cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _arrow.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task WriteBatchAsync(CancellationToken cancellationToken)
    {
        IArrowArray[] columns =
        [
            Texts(row => row.AssetId.ToString()),
            Texts(row => row.Source),
            Texts(row => row.ExternalId),
            new TimestampArray.Builder(Time).AppendRange(_rows.Select(row => new DateTimeOffset(row.Time))).Build(),
            Numbers(row => row.Open),
            Numbers(row => row.High),
            Numbers(row => row.Low),
            Numbers(row => row.Close),
            Numbers(row => row.Volume24h),
            Numbers(row => row.MarketCap),
            new Int32Array.Builder().AppendRange(_rows.Select(row => row.Quotes)).Build(),
        ];
        using (var batch = new RecordBatch(Schema, columns, _rows.Count))
        {
            await _arrow.WriteRecordBatchAsync(batch, cancellationToken);
        }

        _rows.Clear();
        await PassOnAsync(cancellationToken);
    }

    private async Task PassOnAsync(CancellationToken cancellationToken)
    {
        await _output.WriteAsync(_batch.GetBuffer().AsMemory(0, (int)_batch.Length), cancellationToken);
        _batch.SetLength(0);
    }

    private StringArray Texts(Func<HistoryExportRow, string> text) => new StringArray.Builder().AppendRange(_rows.Select(text)).Build();

    private DoubleArray Numbers(Func<HistoryExportRow, double?> number)
    {
        var numbers = new DoubleArray.Builder();
        foreach (var row in _rows)
        {
            _ = number(row) is { } value ? numbers.Append(value) : numbers.AppendNull();
        }

        return numbers.Build();
    }
}
