using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kasparro.Data.Runs;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Sources.Drift;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>Makes records of rows. Not safe for concurrent use.</summary>
internal sealed class CsvRecords : IDisposable
{
    private const int MaxExample = 200;

    private readonly CsvLayout _layout;
    private readonly CsvTime _time;
    private readonly DriftTally _drifts;
    private readonly DriftFinding? _missingPrice;
    private readonly ContentHasher _hash = new();
    private readonly ArrayBufferWriter<byte> _payload = new(1024);
    private readonly Utf8JsonWriter _json;

    /// <param name="layout">How rows are read.</param>
    /// <param name="drifts">Told of values that cannot be used.</param>
    public CsvRecords(CsvLayout layout, DriftTally drifts)
    {
        _layout = layout;
        _time = new CsvTime(layout.TimeFormat);
        _drifts = drifts;

        // A file may list assets and no prices, so this is no failure; prices in a column with an unknown name must not go unnoticed.
        var price = AssetFields.GetName(AssetField.PriceUsd);
        var policy = drifts.GetPolicy(price);
        if (layout[AssetField.PriceUsd] < 0 && policy is not DriftPolicy.Ignore)
        {
            var header = string.Join(", ", layout.Columns.Select(column => column.Name.Value));
            _missingPrice = new(price, DriftKind.Missing, "number", Found: null, RecordBuilder.Shorten(header, MaxExample), policy, 1);
        }

        // Field texts are written as they are sent; nothing here ends up in HTML. CsvRows has vetted them.
        _json = new Utf8JsonWriter(_payload, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
    }

    /// <summary>Makes a record of the current row, or says why not.</summary>
    /// <param name="rows">The rows; the current one has no fault.</param>
    /// <param name="now">The time that a quote may not be (much) later than.</param>
    /// <param name="rejection">Why there is no record.</param>
    public SourceRecord? Read(CsvRows rows, DateTimeOffset now, out Rejection? rejection)
    {
        var draft = new RecordBuilder(now);
        draft.Symbol = ReadText(rows, AssetField.Symbol);
        draft.Name = ReadText(rows, AssetField.Name);
        draft.ExternalId = ReadText(rows, AssetField.Id);
        foreach (var column in _layout.InHashOrder)
        {
            _hash.Add(column.KeyUtf8.AsSpan());
            ReadField(column, rows.Field(column.Index), draft);
        }

        // A file without ids still needs keys that are the same in its next edition: prices move, symbol and name do not.
        draft.ExternalId ??= draft is { Symbol: { } symbol, Name: { } name } ? $"{symbol}:{name}".ToLowerInvariant() : null;
        var hash = _hash.Finish();
        if (_missingPrice is { Policy: DriftPolicy.RejectRecord } missing)
        {
            draft.Reject(RejectionReason.SchemaDrift, missing.ToString());
        }

        if (draft.Reason is null && _drifts.Add(draft.Unusable) is { } unusable)
        {
            draft.Reject(RejectionReason.SchemaDrift, unusable);
        }

        if (_missingPrice is not null)
        {
            _drifts.Add(_missingPrice);
        }

        if (draft.TryBuild(hash, draft.Reason is null ? WritePayload(rows) : default, out var record))
        {
            rejection = null;
            return record;
        }

        var id = draft.ExternalId is { Length: > 0 and <= RecordBuilder.MaxTextLength } readable ? readable : null;
        rejection = new Rejection(rows.Line, id, draft.Reason!, draft.Detail!, rows.Text);
        return null;
    }

    public void Dispose() => _json.Dispose();

    private string? ReadText(CsvRows rows, AssetField field) =>
        _layout[field] is >= 0 and var column ? CsvCell.ReadText(rows.Field(column), isName: field is AssetField.Name) : null;

    private void ReadField(CsvColumn column, ReadOnlySpan<byte> text, RecordBuilder draft)
    {
        if (column.Field is { } field && AssetFields.IsNumber(field))
        {
            var number = ReadNumber(field, text, draft);
            if (number is { } value)
            {
                _hash.Add(value);
            }
            else
            {
                _hash.Add('-');
            }

            Set(draft, field, number);
            return;
        }

        _hash.Add(text);
        if (column.Field is AssetField.UpdatedAt)
        {
            draft.QuotedAt = ReadTime(text, draft);
        }
    }

    private double? ReadNumber(AssetField field, ReadOnlySpan<byte> text, RecordBuilder draft)
    {
        var reading = CsvNumber.Read(
            text, _layout.DecimalMark, isRank: field is AssetField.Rank, unit: AssetFields.IsSupply(field) ? draft.Symbol : default);
        if (reading.Kind is NumberKind.NotKnown)
        {
            return null;
        }

        var name = AssetFields.GetName(field);
        if (reading.Kind is NumberKind.Number && RecordBuilder.IsUsable(reading.Value))
        {
            return reading.Value;
        }

        var shown = CsvCell.ReadText(text, isName: true);
        if (reading.Kind is NumberKind.Number)
        {
            return field is AssetField.PriceUsd ? draft.RequirePrice(name, reading.Value) : draft.AcceptNumber(name, reading.Value, shown);
        }

        if (field is AssetField.PriceUsd)
        {
            draft.Reject(RejectionReason.BadNumber, $"{name} {reading.Problem}: '{RecordBuilder.Shorten(shown)}'.");
        }
        else
        {
            draft.Discard(name, "number", reading.Problem!, shown);
        }

        return null;
    }

    /// <summary>
    /// Reads the time. One that cannot be read costs the record: without it an old quote of a history would be the newest. What programs
    /// write for "never" (year 1, 1970) says nothing.
    /// </summary>
    private DateTimeOffset? ReadTime(ReadOnlySpan<byte> text, RecordBuilder draft)
    {
        var name = AssetFields.GetName(AssetField.UpdatedAt);
        if (_time.Read(text, out var time) is { } hint)
        {
            var shown = CsvCell.ReadText(text, isName: true);
            if (shown.StartsWith("0000-00-00", StringComparison.Ordinal))
            {
                draft.Discard(name, "time", "zero time", shown);
                return null;
            }

            draft.Reject(RejectionReason.BadTime, $"{name} is not a time: '{RecordBuilder.Shorten(shown)}'. {hint}");
            return null;
        }

        if (time is { Year: 1 } || time == DateTimeOffset.UnixEpoch)
        {
            draft.Discard(name, "time", "zero time", CsvCell.ReadText(text, isName: true));
            return null;
        }

        if (time is { } known && !draft.CanBeQuotedAt(known))
        {
            draft.Reject(RejectionReason.BadTime, $"the quote's time {known:O} is before Bitcoin's first block or in the future.");
        }

        return time;
    }

    private static void Set(RecordBuilder draft, AssetField field, double? number)
    {
        switch (field)
        {
            case AssetField.PriceUsd:
                draft.PriceUsd = number;
                break;
            case AssetField.MarketCap:
                draft.MarketCapUsd = number;
                break;
            case AssetField.Volume24h:
                draft.Volume24hUsd = number;
                break;
            case AssetField.Rank:
                draft.Rank = number;
                break;
            case AssetField.CirculatingSupply:
                draft.CirculatingSupply = number;
                break;
            case AssetField.TotalSupply:
                draft.TotalSupply = number;
                break;
            case AssetField.MaxSupply:
                draft.MaxSupply = number;
                break;
        }
    }

    private byte[] WritePayload(CsvRows rows)
    {
        _payload.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        foreach (var column in _layout.Columns)
        {
            _json.WriteString(column.Name, rows.Field(column.Index));
        }

        _json.WriteEndObject();
        _json.Flush();
        return _payload.WrittenSpan.ToArray();
    }
}
