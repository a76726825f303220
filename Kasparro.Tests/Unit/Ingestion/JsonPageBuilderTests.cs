using System.Text;
using System.Text.Json;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Sources;
using Kasparro.Ingestion.Sources.CoinPaprika;

namespace Kasparro.Tests.Unit.Ingestion;

public sealed class JsonPageBuilderTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("""{"id":"a","symbol":"A","name":"n"}""", null)]
    [InlineData("""{"id":"-3","symbol":"","name":"🚀 מטבע"}""", null)]
    [InlineData("""{"id":"a","symbol":"A","name":"n","price":""}""", null)]
    [InlineData("""{"id":"a","symbol":"A","name":"n","price":"5.856e-05"}""", null)]
    [InlineData("""{"id":"a","symbol":"A","name":"n","price":1e-30,"extra":1e40}""", null)]
    [InlineData("""{"id":"a","symbol":"A","name":"back\\u0000slash"}""", null)]
    [InlineData("""{"id":"a","symbol":"A","name":"\ud83d\ude80"}""", null)]
    [InlineData("""{"symbol":"A","name":"n"}""", RejectionReason.MissingField)]
    [InlineData("""{"id":" ","symbol":"A","name":"n"}""", RejectionReason.MissingField)]
    [InlineData("""{"id":null,"symbol":"A","name":"n"}""", RejectionReason.MissingField)]
    [InlineData("""{"id":7,"symbol":"A","name":"n"}""", RejectionReason.WrongType)]
    [InlineData("""{"id":"a","symbol":"A","name":"n","price":{}}""", RejectionReason.WrongType)]
    [InlineData("""{"id":"a","symbol":"A","name":"n","price":"abc"}""", RejectionReason.BadNumber)]
    [InlineData("""{"id":"a","symbol":"A","name":"n","price":"NaN"}""", RejectionReason.BadNumber)]
    [InlineData("""{"id":"a","symbol":"A","name":"n","price":1e999}""", RejectionReason.NumberOutOfRange)]
    [InlineData("""{"id":"a","symbol":"A","name":"n","other":[1e999]}""", null)]
    [InlineData("""{"id":"a","symbol":"A","name":"n","other":1e-16383}""", null)]
    [InlineData("""{"id":"a","symbol":"A","name":"n","other":{"x":[1e-16384]}}""", RejectionReason.NumberOutOfRange)]
    [InlineData("""{"id":"a","symbol":"A","name":"n","other":0e-20000}""", RejectionReason.NumberOutOfRange)]
    [InlineData("""{"id":"a","symbol":"A","name":"n","other":0e-99999999999}""", RejectionReason.NumberOutOfRange)]
    [InlineData("""{"id":"a","symbol":"A","name":"n","other":1e131072}""", RejectionReason.NumberOutOfRange)]
    [InlineData("""{"id":"a","symbol":"A","name":"n","cap":1e-20000}""", RejectionReason.NumberOutOfRange)]
    [InlineData("""{"id":"a","symbol":"A","name":"n","price":-1}""", RejectionReason.NumberOutOfRange)]
    [InlineData("""{"id":"a","symbol":"A","name":"n\u0000"}""", RejectionReason.NulCharacter)]
    [InlineData("""{"id":"a","symbol":"A","name":"n","other\u0000":1}""", RejectionReason.NulCharacter)]
    [InlineData("""{"id":"a","symbol":"A","name":"\ud83d"}""", RejectionReason.InvalidText)]
    [InlineData("[]", RejectionReason.WrongType)]
    [InlineData("null", RejectionReason.WrongType)]
    [InlineData("\"text\"", RejectionReason.WrongType)]
    public void Add_loads_what_is_valid_and_rejects_the_rest_with_a_reason(string json, string? expectedReason)
    {
        var page = CreatePage(json);

        Assert.Equal(expectedReason, page.Rejections.SingleOrDefault()?.Reason);
        Assert.Equal(expectedReason is null ? 1 : 0, page.Records.Count);
    }

    [Theory]
    [InlineData("cap", "\"NaN\"", "number out of range")]
    [InlineData("cap", "\"Infinity\"", "number out of range")]
    [InlineData("cap", "1e400", "number out of range")]
    [InlineData("cap", "-1", "negative number")]
    [InlineData("cap", "\"abc\"", "text")]
    [InlineData("cap", "{}", "object")]
    [InlineData("rank", "[1]", "array")]
    [InlineData("rank", "true", "flag")]
    [InlineData("rank", "1.9", "number with a fraction")]
    [InlineData("rank", "\"2.5\"", "number with a fraction")]
    [InlineData("time", "\"yesterday\"", "text")]
    [InlineData("time", "\"2031-01-01T00:00:00Z\"", "time out of range")]
    [InlineData("time", "\"0001-01-01T00:00:00Z\"", "time out of range")]
    [InlineData("time", "\"05/11/2025 10:30\"", "text")]
    [InlineData("time", "\"10:30\"", "text")]
    [InlineData("time", "1763640000", "number")]
    public void An_optional_value_that_cannot_be_used_is_left_out_and_told_of(string field, string value, string found)
    {
        var page = CreatePage($$"""{"id":"a","symbol":"A","name":"n","price":2.5,"{{field}}":{{value}}}""");

        var record = Assert.Single(page.Records);
        Assert.Equal((2.5, null, null, null), (record.PriceUsd, record.MarketCapUsd, record.Rank, record.QuotedAt));
        var drift = Assert.Single(page.Drifts);
        Assert.Equal((field, "unusable", found, 1L), (drift.Path, drift.Kind, drift.Found, drift.Occurrences));
    }

    [Theory]
    [InlineData("-0")]
    [InlineData("-0.0")]
    [InlineData("\"-0\"")]
    public void Minus_zero_is_zero(string zero)
    {
        var record = Assert.Single(CreatePage($$"""{"id":"a","symbol":"A","name":"n","price":{{zero}},"cap":{{zero}},"rank":1}""").Records);

        Assert.Null(record.PriceUsd); // Zero is not a price.
        Assert.False(double.IsNegative(record.MarketCapUsd!.Value));
    }

    [Fact]
    public void Add_rejects_a_record_that_is_not_utf8()
    {
        byte[] json = [.. "{\"id\":\"a\",\"symbol\":\"A\",\"name\":\""u8, 0xC3, 0x28, .. "\"}"u8];
        using var document = JsonDocument.Parse(json);
        var builder = new JsonPageBuilder(SourceNames.CoinGecko, Map, ResumePoint.Start, Now);
        builder.Add(document.RootElement);

        Assert.Equal(RejectionReason.InvalidText, Assert.Single(builder.Take().Rejections).Reason);
    }

    [Fact]
    public void Add_rejects_a_record_that_is_nested_absurdly_deep()
    {
        var page = CreatePage($$"""{"id":"a","symbol":"A","name":"n","x":{{new string('[', 60)}}{{new string(']', 60)}}}""");

        Assert.Equal(RejectionReason.TooDeep, Assert.Single(page.Rejections).Reason);
    }

    [Fact]
    public void Add_rejects_texts_that_no_index_row_could_hold() =>
        Assert.Equal(
            RejectionReason.TooLong,
            Assert.Single(CreatePage($$"""{"id":"{{new string('x', 513)}}","symbol":"A","name":"n"}""").Rejections).Reason);

    [Fact]
    public void Symbol_and_name_are_composed_however_they_were_sent()
    {
        var record = Assert.Single(CreatePage("""{"id":"a","symbol":"E\u0301","name":"Cafe\u0301 Re\u0301serve"}""").Records);

        Assert.Equal(("\u00c9", "Caf\u00e9 R\u00e9serve"), (record.Symbol, record.Name));
    }

    [Fact]
    public void Symbol_and_name_have_no_white_space_around_them_and_an_id_is_what_its_source_calls_it()
    {
        var record = Assert.Single(CreatePage("""{"id":"a ","symbol":" A\t","name":"\u00a0Some  Name \n"}""").Records);

        Assert.Equal(("a ", "A", "Some  Name"), (record.ExternalId, record.Symbol, record.Name));
    }

    [Theory]
    [InlineData("false", false)]
    [InlineData("\"false\"", false)]
    [InlineData("\" No\"", false)]
    [InlineData("0", false)]
    [InlineData("0.0", false)]
    [InlineData("\"0\"", false)]
    [InlineData("1", true)]
    [InlineData("\"True\"", true)]
    [InlineData("null", null)]
    [InlineData("\"perhaps\"", null)]
    [InlineData("2", null)]
    public void A_coin_is_inactive_however_its_source_says_so(string flag, bool? isActive)
    {
        using var document = JsonDocument.Parse($$"""{"id":"a-a","symbol":"A","name":"n","is_active":{{flag}}}""");
        var builder = new JsonPageBuilder(SourceNames.CoinPaprika, CoinPaprikaRecords.MapCoin, ResumePoint.Start, Now);
        builder.Add(document.RootElement);
        var page = builder.Take();

        Assert.Equal(isActive, Assert.Single(page.Records).IsActive);
        Assert.Equal(flag is "2" or "\"perhaps\"", page.Drifts.Count == 1);
    }

    [Fact]
    public void Add_keeps_the_record_as_it_came()
    {
        const string Json = """{ "id" : "a", "symbol":"A","name":"n", "price": 20030493.0 }""";
        Assert.Equal(Json, Encoding.UTF8.GetString(CreatePage(Json).Records[0].Payload.Span));
    }

    [Theory]
    [InlineData("""{"id":"a","symbol":"A","name":"n","price":20030493}""", """{"id":"a","symbol":"A","name":"n","price":20030493.0}""",
        true)]
    [InlineData("""{"id":"a","symbol":"A","name":"n","price":0.00005856}""", """{"id":"a","symbol":"A","name":"n","price":5.856e-05}""",
        true)]
    [InlineData("""{"id":"a","symbol":"A","name":"n"}""", """{ "id": "a", "symbol": "A", "name": "n" }""", true)]
    [InlineData("""{"id":"a","symbol":"A","name":"n","price":1}""", """{"id":"a","symbol":"A","name":"n","price":2}""", false)]
    [InlineData("""{"id":"a","symbol":"A","name":"n","price":null}""", """{"id":"a","symbol":"A","name":"n","price":0}""", false)]
    [InlineData("""{"id":"a","symbol":"A","name":"n","x":["b","c"]}""", """{"id":"a","symbol":"A","name":"n","x":["bc"]}""", false)]
    [InlineData("""{"id":"a","symbol":"A","name":"n","x":true}""", """{"id":"a","symbol":"A","name":"n","x":false}""", false)]
    public void ContentHash_follows_what_a_record_says_and_not_how_it_is_spelt(string one, string other, bool equal) =>
        Assert.Equal(equal, CreatePage(one).Records[0].ContentHash == CreatePage(other).Records[0].ContentHash);

    [Theory]
    [InlineData("0.0", "null", null)]
    [InlineData("0", "0", null)]
    [InlineData("0", "5", 0.0)]
    [InlineData("7.5", "null", 7.5)]
    public void MarketCap_of_zero_without_a_rank_means_unknown(string marketCap, string rank, double? expected) =>
        Assert.Equal(
            expected, CreatePage($$"""{"id":"a","symbol":"A","name":"n","cap":{{marketCap}},"rank":{{rank}}}""").Records[0].MarketCapUsd);

    private static SourcePage CreatePage(string json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 512 });
        var builder = new JsonPageBuilder(SourceNames.CoinGecko, Map, ResumePoint.Start, Now);
        builder.Add(document.RootElement);
        return builder.Take();
    }

    private static void Map(JsonElement element, RecordBuilder draft)
    {
        foreach (var property in element.EnumerateObject())
        {
            switch (property.Name)
            {
                case "id": draft.ExternalId = JsonRecord.Text(property.Value, "id", draft); break;
                case "symbol": draft.Symbol = JsonRecord.Text(property.Value, "symbol", draft); break;
                case "name": draft.Name = JsonRecord.Text(property.Value, "name", draft); break;
                case "price": draft.PriceUsd = JsonRecord.Price(property.Value, "price", draft); break;
                case "cap": draft.MarketCapUsd = JsonRecord.Number(property.Value, "cap", draft); break;
                case "rank": draft.Rank = JsonRecord.Number(property.Value, "rank", draft); break;
                case "time": draft.QuotedAt = JsonRecord.Time(property.Value, "time", draft); break;
            }
        }
    }
}
