using System.Data;
using System.Text;
using System.Text.Json;
using Kasparro.Api.Catalogue;

namespace Kasparro.Tests.Unit.Api;

public sealed class PageJsonTests
{
    private static readonly DateTime Noon = new(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData(5.856E-05, "5.856E-05")]
    [InlineData(1e29, "1E+29")]
    [InlineData(0.1, "0.1")]
    [InlineData(1265000000000d, "1265000000000")]
    [InlineData(double.Epsilon, "5E-324")]
    [InlineData(double.MaxValue, "1.7976931348623157E+308")]
    [InlineData(-0.0, "-0")]
    [InlineData(double.NaN, "null")]
    [InlineData(double.NegativeInfinity, "null")]
    [InlineData(null, "null")]
    public void Number_is_written_in_its_shortest_form(double? value, string expected)
    {
        var body = Render("s", "n", value, Noon);

        Assert.Contains($"\"price_usd\":{expected},", body, StringComparison.Ordinal);
        if (value is { } number && double.IsFinite(number))
        {
            Assert.Equal(number, Parse(body).GetProperty("data")[0].GetProperty("price_usd").GetDouble());
        }
    }

    [Theory]
    [InlineData("日本 ü")]
    [InlineData("🚀")]
    [InlineData("\"\\\n\u0000\u001f\u007f")]
    [InlineData("</script>&'+")]
    [InlineData("")]
    public void Text_survives_the_way(string text) =>
        Assert.Equal(text, Parse(Render(text, text, 1, Noon)).GetProperty("data")[0].GetProperty("name").GetString());

    [Theory]
    [InlineData(0, "2026-11-20T12:00:00Z")]
    [InlineData(250_000, "2026-11-20T12:00:00.25Z")]
    [InlineData(1, "2026-11-20T12:00:00.000001Z")]
    public void Time_is_utc_and_ends_in_z(int microseconds, string expected) =>
        Assert.Contains($"\"updated_at\":\"{expected}\"", Render("s", "n", 1, Noon.AddMicroseconds(microseconds)),
            StringComparison.Ordinal);

    [Fact]
    public void Page_starts_clean_when_the_writer_is_used_again()
    {
        var page = new PageJson();
        page.Begin();
        AddRow(page, "left over", "", 1, Noon);
        Assert.True(page.TryReset());

        page.Begin();
        var body = page.End(0, new DataQuery(3, 7, null, ""), new PageLinks(null, null));

        Assert.Equal("\"data\":[],\"total\":0,\"page\":3,\"page_size\":7,\"total_relation\":\"eq\",\"next\":null,\"prev\":null}",
            Encoding.UTF8.GetString(body));
        Assert.True(PageJson.IsBody(body));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("\"data\":[{")]
    public void Body_is_refused_when_it_is_not_a_page(string bytes) => Assert.False(PageJson.IsBody(Encoding.UTF8.GetBytes(bytes)));

    [Theory]
    [InlineData(0L, "0.000")]
    [InlineData(4_209L, "0.420")]
    [InlineData(9L, "0.000")]
    [InlineData(10L, "0.001")]
    [InlineData(12_345_678L, "1234.567")]
    [InlineData(long.MaxValue, "922337203685477.580")]
    public void Head_joins_any_body_to_a_document(long ticks, string latency)
    {
        Span<byte> head = stackalloc byte[128];
        var length = DataEndpoint.WriteHead(head, "0d9a4c56-3c8e-4a57-9d0e-6f6c9f6f2b1a", new TimeSpan(ticks));

        Assert.Equal($"{{\"request_id\":\"0d9a4c56-3c8e-4a57-9d0e-6f6c9f6f2b1a\",\"api_latency_ms\":{latency},",
            Encoding.UTF8.GetString(head[..length]));
    }

    private static string Render(string symbol, string name, double? price, DateTime updatedAt)
    {
        var page = new PageJson();
        page.Begin();
        AddRow(page, symbol, name, price, updatedAt);
        return Encoding.UTF8.GetString(page.End(1, new DataQuery(1, 20, null, ""), new PageLinks(null, null)));
    }

    private static void AddRow(PageJson page, string symbol, string name, double? price, DateTime updatedAt)
    {
        using var table = new DataTable();
        foreach (var type in (ReadOnlySpan<Type>)[typeof(string), typeof(string), typeof(object), typeof(double), typeof(string),
            typeof(Guid), typeof(DateTime)])
        {
            table.Columns.Add().DataType = type;
        }

        table.Columns[6].DateTimeMode = DataSetDateTime.Utc;
        table.Rows.Add(symbol, name, (object?)price ?? DBNull.Value, DBNull.Value, "csv_source", Guid.Empty, updatedAt);
        using var row = table.CreateDataReader();
        Assert.True(row.Read());
        page.Add(row, RowLayout.For(new DataQuery(1, 20, null, "")));
    }

    private static JsonElement Parse(string body) => JsonDocument.Parse("{" + body).RootElement;
}
