using Parquet;
using Parquet.Schema;

namespace Kasparro.Api.Export;

/// <summary>Parquet, in row groups of a bounded size: what is kept of the export at any time is one of them.</summary>
internal sealed class ParquetExport : IExportWriter
{
    private const int GroupRows = 20_000;

    private static readonly DataField AssetId = new DataField<string>("asset_id", false);
    private static readonly DataField Symbol = new DataField<string>("symbol", false);
    private static readonly DataField Name = new DataField<string>("name", false);
    private static readonly DataField Source = new DataField<string>("source", false);
    private static readonly DataField IsActive = new DataField<bool>("is_active");
    private static readonly DataField PriceUsd = new DataField<double?>("price_usd");
    private static readonly DataField MarketCap = new DataField<double?>("market_cap");
    private static readonly DataField Volume24h = new DataField<double?>("volume_24h");
    private static readonly DataField Rank = new DataField<int?>("rank");
    private static readonly DataField UpdatedAt = new DateTimeDataField("updated_at", DateTimeFormat.Timestamp, isAdjustedToUTC: true,
        unit: DateTimeTimeUnit.Micros);
    private static readonly ParquetSchema Schema =
        new(AssetId, Symbol, Name, Source, IsActive, PriceUsd, MarketCap, Volume24h, Rank, UpdatedAt);

    private readonly Stream _output;
    private readonly MemoryStream _group;
    private readonly ParquetWriter _parquet;
    private readonly List<ExportRow> _rows = new(GroupRows);

    private ParquetExport(Stream output, MemoryStream group, ParquetWriter parquet) =>
        (_output, _group, _parquet) = (output, group, parquet);

    public static async Task<ParquetExport> BeginAsync(Stream output, CancellationToken cancellationToken)
    {
        // The library flushes without waiting, which a response does not allow: it writes into memory, which is passed on a row group at a
        // time.
        var group = new MemoryStream();
        return new(output, group, await ParquetWriter.CreateAsync(Schema, group, cancellationToken: cancellationToken));
    }

    public ValueTask WriteAsync(ExportRow row, CancellationToken cancellationToken)
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

    // Only a whole file has a footer, which is what disposing of the writer writes: a broken one must not look whole.
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task WriteGroupAsync(CancellationToken cancellationToken)
    {
        using var group = _parquet.CreateRowGroup();
        await WriteTextsAsync(group, AssetId, row => row.AssetId.ToString(), cancellationToken);
        await WriteTextsAsync(group, Symbol, row => row.Symbol, cancellationToken);
        await WriteTextsAsync(group, Name, row => row.Name, cancellationToken);
        await WriteTextsAsync(group, Source, row => row.Source, cancellationToken);
        await group.WriteAsync<bool>(IsActive, Values(row => row.IsActive), cancellationToken: cancellationToken);
        await group.WriteAsync<double>(PriceUsd, Values(row => row.PriceUsd), cancellationToken: cancellationToken);
        await group.WriteAsync<double>(MarketCap, Values(row => row.MarketCap), cancellationToken: cancellationToken);
        await group.WriteAsync<double>(Volume24h, Values(row => row.Volume24h), cancellationToken: cancellationToken);
        await group.WriteAsync<int>(Rank, Values(row => row.Rank), cancellationToken: cancellationToken);
        await group.WriteAsync<DateTime>(UpdatedAt, Values(row => row.UpdatedAt), cancellationToken: cancellationToken);
        group.CompleteValidate();
        _rows.Clear();
        await PassOnAsync(cancellationToken);
    }

    private async Task PassOnAsync(CancellationToken cancellationToken)
    {
        await _output.WriteAsync(_group.GetBuffer().AsMemory(0, (int)_group.Length), cancellationToken);
        _group.SetLength(0);
    }

    private Task WriteTextsAsync(
        ParquetRowGroupWriter group, DataField field, Func<ExportRow, string> text, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return group.WriteAsync(field, _rows.ConvertAll(row => text(row)));
    }

    private ReadOnlyMemory<T> Values<T>(Func<ExportRow, T> value) => _rows.Select(value).ToArray();
}
