using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>Makes records of rows. Not safe for concurrent use.</summary>
internal sealed class CsvRecords : IDisposable
{
    private readonly CsvLayout _layout;
    private readonly ContentHasher _hash = new();
    private readonly ArrayBufferWriter<byte> _payload = new(1024);
    private readonly Utf8JsonWriter _json;

    public CsvRecords(CsvLayout layout)
    {
        _layout = layout;

        // Field texts are written as they are sent; nothing here ends up in HTML. CsvRows has vetted them.
        _json = new Utf8JsonWriter(_payload, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
    }

    /// <summary>Makes a record of the current row, or says why not.</summary>
    /// <param name="rows">The rows; the current one has no fault.</param>
    /// <param name="now">The time that a quote may not be (much) later than.</param>
    /// <param name="rejection">Why there is no record.</param>
    public SourceRecord? Read(CsvRows rows, DateTimeOffset now, out Rejection? rejection)
    {
        var draft = new RecordBuilder();
        foreach (var column in _layout.InHashOrder)
        {
            _hash.Add(column.KeyUtf8.AsSpan());
            ReadField(column, rows.Field(column.Index), draft);
        }

        // A file without ids still needs keys that are the same in its next edition: prices move, symbol and name do not.
        draft.ExternalId ??= draft is { Symbol: { } symbol, Name: { } name } ? $"{symbol}:{name}".ToLowerInvariant() : null;
        var hash = _hash.Finish();
        if (draft.TryBuild(hash, draft.Reason is null ? WritePayload(rows) : default, now, out var record))
        {
            rejection = null;
            return record;
        }

        var id = draft.ExternalId is { Length: > 0 and <= RecordBuilder.MaxTextLength } readable ? readable : null;
        rejection = new Rejection(rows.Line, id, draft.Reason!, draft.Detail!, rows.Text);
        return null;
    }

    public void Dispose() => _json.Dispose();

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
        switch (column.Field)
        {
            case AssetField.Id:
                draft.ExternalId = ReadText(text);
                break;
            case AssetField.Symbol:
                draft.Symbol = ReadText(text);
                break;
            case AssetField.Name:
                draft.Name = ReadText(text);
                break;
            case AssetField.UpdatedAt:
                draft.QuotedAt = ReadTime(text, draft);
                break;
        }
    }

    private static string ReadText(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text).Trim();

    private double? ReadNumber(AssetField field, ReadOnlySpan<byte> text, RecordBuilder draft)
    {
        if (text.IsEmpty)
        {
            return null;
        }

        var name = AssetFields.NameOf(field);
        if (CsvNumber.TryParse(text, _layout.DecimalComma, out var value))
        {
            return draft.Finite(name, value);
        }

        var shown = ReadText(text);
        if (shown.Length == 0)
        {
            return null;
        }

        draft.Reject(RejectionReason.BadNumber, $"{name} is not a number: '{(shown.Length <= 40 ? shown : $"{shown[..40]}…")}'.");
        return null;
    }

    /// <summary>ISO 8601, or the time since 1970 in seconds or milliseconds, as exports of trading systems have it.</summary>
    private static DateTimeOffset? ReadTime(ReadOnlySpan<byte> text, RecordBuilder draft)
    {
        if (text.Length is 10 or 13 && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            var number = long.Parse(text, CultureInfo.InvariantCulture);
            return text.Length == 10 ? DateTimeOffset.FromUnixTimeSeconds(number) : DateTimeOffset.FromUnixTimeMilliseconds(number);
        }

        Span<char> characters = text.Length <= 128 ? stackalloc char[text.Length] : new char[text.Length];
        return draft.ParseTime(AssetFields.NameOf(AssetField.UpdatedAt), characters[..Encoding.UTF8.GetChars(text, characters)]);
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
