using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.ObjectPool;
using Npgsql;

namespace Kasparro.Api.Data;

/// <summary>
/// Writes the shared part of a page: <c>"data":[…],"total":…,"page":…,"page_size":…}</c>. Doubles are printed in the shortest form that
/// reads back as the same double; times are UTC.
/// </summary>
internal sealed class PageJson : IResettable
{
    private static readonly JsonEncodedText Data = JsonEncodedText.Encode("data");
    private static readonly JsonEncodedText Symbol = JsonEncodedText.Encode("symbol");
    private static readonly JsonEncodedText Name = JsonEncodedText.Encode("name");
    private static readonly JsonEncodedText PriceUsd = JsonEncodedText.Encode("price_usd");
    private static readonly JsonEncodedText MarketCap = JsonEncodedText.Encode("market_cap");
    private static readonly JsonEncodedText Source = JsonEncodedText.Encode("source");
    private static readonly JsonEncodedText AssetId = JsonEncodedText.Encode("asset_id");
    private static readonly JsonEncodedText UpdatedAt = JsonEncodedText.Encode("updated_at");
    private static readonly JsonEncodedText Total = JsonEncodedText.Encode("total");
    private static readonly JsonEncodedText Page = JsonEncodedText.Encode("page");
    private static readonly JsonEncodedText PageSize = JsonEncodedText.Encode("page_size");

    private readonly ArrayBufferWriter<byte> _buffer = new(16 * 1024);
    private readonly Utf8JsonWriter _json;

    public PageJson() => _json = new(_buffer, new JsonWriterOptions
    {
        // No HTML is made of it (nosniff says so too), and names in any script stay readable and short.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    });

    /// <summary>Whether <paramref name="bytes"/> look like what <see cref="End"/> makes: a cheap guard against what else may lie in Redis.</summary>
    public static bool IsBody(ReadOnlySpan<byte> bytes) => bytes.StartsWith("\"data\":["u8) && bytes.EndsWith("}"u8);

    public void Begin()
    {
        _json.WriteStartObject();
        _json.WriteStartArray(Data);
    }

    /// <summary>Writes one row of <see cref="DataSql.Rows"/>.</summary>
    public void Add(NpgsqlDataReader row) => Add(
        row.GetString(0),
        row.GetString(1),
        row.IsDBNull(2) ? null : row.GetDouble(2),
        row.IsDBNull(3) ? null : row.GetDouble(3),
        row.GetString(4),
        row.GetGuid(5),
        row.GetDateTime(6));

    public void Add(string symbol, string name, double? priceUsd, double? marketCap, string source, Guid assetId, DateTime updatedAt)
    {
        _json.WriteStartObject();
        _json.WriteString(Symbol, symbol);
        _json.WriteString(Name, name);
        WriteNumber(PriceUsd, priceUsd);
        WriteNumber(MarketCap, marketCap);
        _json.WriteString(Source, source);
        _json.WriteString(AssetId, assetId);
        _json.WriteString(UpdatedAt, updatedAt);
        _json.WriteEndObject();
    }

    /// <summary>Ends the page and returns its bytes, without the opening brace, for which each response has a head of its own.</summary>
    public byte[] End(long total, DataQuery query)
    {
        _json.WriteEndArray();
        _json.WriteNumber(Total, total);
        _json.WriteNumber(Page, query.Page);
        _json.WriteNumber(PageSize, query.PageSize);
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

    // PostgreSQL's doubles include NaN and the infinities, JSON's numbers do not.
    private void WriteNumber(JsonEncodedText name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            _json.WriteNumber(name, number);
        }
        else
        {
            _json.WriteNull(name);
        }
    }
}
