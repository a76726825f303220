using System.Buffers;
using System.Data.Common;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.ObjectPool;

namespace Kasparro.Api.Catalogue;

/// <summary>
/// Writes the shared part of a page: <c>"data":[…],"total":…,…}</c>. Doubles are written in the shortest form that reads back as the
/// same double; times are UTC.
/// </summary>
internal sealed class PageJson : IResettable
{
    private static readonly JsonEncodedText Price = JsonEncodedText.Encode("price");

    private readonly ArrayBufferWriter<byte> _buffer = new(16 * 1024);
    private readonly Utf8JsonWriter _json;
    private DataRate? _rate;

    public PageJson() => _json = new(_buffer, new JsonWriterOptions
    {
        // The JSON is never embedded in HTML (and is sent with nosniff), and names in any script stay readable and short.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    });

    /// <summary>
    /// Whether <paramref name="bytes"/> look like the result of <see cref="End"/>: a cheap check against unrelated data in Redis.
    /// </summary>
    public static bool IsBody(ReadOnlySpan<byte> bytes) => bytes.StartsWith("\"data\":["u8) && bytes.EndsWith("}"u8);

    /// <summary>Begins a page.</summary>
    /// <param name="rate">The rate by which amounts are converted, or null for US dollars.</param>
    public void Begin(DataRate? rate = null)
    {
        _rate = rate;
        _json.WriteStartObject();
        _json.WriteStartArray("data"u8);
    }

    /// <summary>Writes one row of <see cref="DataSql"/>.</summary>
    public void Add(DbDataReader row, RowLayout layout)
    {
        _json.WriteStartObject();
        for (var column = 0; column < layout.Shown.Count; column++)
        {
            var field = layout.Shown[column];
            var name = _rate is not null && field.Flag is DataFieldSet.PriceUsd ? Price : field.JsonName;
            if (row.IsDBNull(column))
            {
                _json.WriteNull(name);
                continue;
            }

            switch (field.Kind)
            {
                case FieldKind.Text:
                    _json.WriteString(field.JsonName, row.GetString(column));
                    break;
                case FieldKind.Number:
                    var amount = row.GetDouble(column);
                    WriteNumber(name, _rate is null ? amount : _rate.Rates.Convert(amount, _rate.Currency) ?? double.NaN);
                    break;
                case FieldKind.Whole:
                    _json.WriteNumber(field.JsonName, row.GetInt32(column));
                    break;
                case FieldKind.Time:
                    _json.WriteString(field.JsonName, row.GetDateTime(column));
                    break;
                case FieldKind.Id:
                    _json.WriteString(field.JsonName, row.GetGuid(column));
                    break;
                default:
                    _json.WriteBoolean(field.JsonName, row.GetBoolean(column));
                    break;
            }
        }

        _json.WriteEndObject();
    }

    /// <summary>Ends the page and returns its bytes without the opening brace, since each response writes its own head.</summary>
    /// <param name="total">The number of rows on all pages; for filtered rows, at most one more than <see cref="DataSql.Counted"/>.</param>
    /// <param name="query">The request.</param>
    /// <param name="links">The links to the pages before and after it.</param>
    public byte[] End(long total, DataQuery query, PageLinks links)
    {
        var counted = DataSql.Counted(query);
        var isExact = !query.IsFiltered || total <= counted;
        _json.WriteEndArray();
        _json.WriteNumber("total"u8, isExact ? total : counted);
        if (query.Filters?.Cursor is null)
        {
            _json.WriteNumber("page"u8, query.Page);
        }
        else
        {
            _json.WriteNull("page"u8);
        }

        _json.WriteNumber("page_size"u8, query.PageSize);
        _json.WriteString("total_relation"u8, isExact ? "eq"u8 : "gte"u8);
        _json.WriteString("next"u8, links.Next);
        _json.WriteString("prev"u8, links.Prev);
        if (_rate is not null)
        {
            _json.WriteString("vs_currency"u8, _rate.Currency);
            if (_rate.Rates.QuotedAt is { } at)
            {
                _json.WriteString("rate_at"u8, at);
            }
        }

        _json.WriteEndObject();
        _json.Flush();
        return _buffer.WrittenSpan[1..].ToArray();
    }

    public bool TryReset()
    {
        _buffer.ResetWrittenCount();
        _json.Reset(_buffer);
        return true;
    }

    // PostgreSQL's doubles include NaN and the infinities; JSON's numbers do not.
    private void WriteNumber(JsonEncodedText name, double value)
    {
        if (double.IsFinite(value))
        {
            _json.WriteNumber(name, value);
        }
        else
        {
            _json.WriteNull(name);
        }
    }
}
