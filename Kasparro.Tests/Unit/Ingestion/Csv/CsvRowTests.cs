using System.Text;
using System.Text.Json;
using Kasparro.Ingestion.Sources.Csv;

namespace Kasparro.Tests.Unit.Ingestion.Csv;

public sealed class CsvRowTests : CsvFiles
{
    /// <summary>Rows after the header, the ids of the records, and the lines and reasons of the rejections.</summary>
    public static TheoryData<string, string, string> Cases => new()
    {
        { "1,A,a,1\n2,B,b,2\n", "1 2", "" },
        { "1,A,a,1\r\n2,B,b,2\r\n", "1 2", "" },
        { "1,A,a,1\r2,B,b,2\r", "1 2", "" },
        { "1,A,a,1\n2,B,b,2", "1 2", "" },
        { "\n1,A,a,1\n\n \r\n\n2,B,b,x\n\n", "1", "7:bad_number" },
        { "1,A,a,1\n,,,\n\"\",,\u00A0, \n2,B,b,2\n,,,,,\n,", "1 2", "" },
        { "# exported\n1,A,a,1\n#, by a program\n2,B,b,2\n# 2 rows, and no more\n", "1 2", "4:malformed_row" },
        { "1,A,a,1\nid,symbol,name,price_usd\n2,B,b,2\n\uFEFFid,symbol,name,price_usd\n3,C,c,3\n", "1 2 3", "" },
        { "1,A,\"a\nb\",1\n2,B,b,x\n", "1", "4:bad_number" },
        { "1,A,\"a\r\nb\r\n\r\nc\",1\r\n2,B,b,x\r\n", "1", "6:bad_number" },
        { "1,A,\"a \"\"b\"\"\",1\n2,\"\"\"\",\"\"\"b\"\"\",2\n", "1 2", "" },
        { "1, \"A\" , \"a, b\",1\n", "1", "" },
        { "1,A,a 12\" disk,1\n", "1", "" },

        { "1,A,a\n2,B,b,2\n", "2", "2:malformed_row" },
        { "1,A,a,1,\n2,B,b,2\n3,C,c,3,, ,\"\"\n", "1 2 3", "" }, // A trailing delimiter means nothing.
        { "1,A,a,1,x\n2,B,b,2\n3,C,c,3,,x\n", "2", "2:malformed_row 4:malformed_row" },
        { "1\n2,B,b,2\n", "2", "2:malformed_row" },
        { "1,A,\"a\"b,1\n2,B,b,2\n", "2", "2:malformed_row" },
        { "1,A,a,1,\"x\ny\"\n2,B,b,2\n", "2", "2:malformed_row 3:malformed_row" },

        // An unclosed quote, followed by nothing, by other quotes, or by the file's end with and without a line break.
        { "1,A,\"a,1\n2,B,b,2\n3,C,c,3\n", "2 3", "2:malformed_row" },
        { "1,A,\"a,1\n2,B,\"b\",2\n3,C,c,3\n", "2 3", "2:malformed_row" },
        { "1,A,\"a,1\n2,B,\"b, or \"\"b\"\"\",2\n3,C,c,3\n", "2 3", "2:malformed_row" },
        { "1,A,\"a,1\n2,\"\",\"\",2\n3,C,c,3\n", "3", "2:malformed_row 3:missing_field" },
        { "1,A,a,1\n2,B,\"b,2\n3,C,\"c,3\n4,D,\"d,4\n5,E,e,5\n", "1 5", "3:malformed_row 4:malformed_row 5:malformed_row" },
        { "1,A,a,1\n2,B,\"b,2\n", "1", "3:malformed_row" },
        { "1,A,a,1\n2,B,\"b,2", "1", "3:malformed_row" },
        { "1,A,a,1\n2,B,\"b,2\r\n\r\n3,C,\"c\nd\",3\r\n", "1 3", "3:malformed_row" },
        { "\"\n1,A,a,1\n\"", "1", "2:malformed_row 4:malformed_row" },
        { "1,A,\"a\nb\",\"1\n2,B,b,2\n", "2", "2:malformed_row 3:malformed_row" },

        { "1,A,a,1.2.3\n2,B,b,2\n", "2", "2:bad_number" },
        { "1,A,a,\"1,234\"\n2,B,b, \n", "2", "2:bad_number" },
        { "1,A,a,1e999\n2,B,b,-1\n3,C,c,1e-30\n", "3", "2:number_out_of_range 3:number_out_of_range" },
        { "1,A,a,NaN\n2,B,b,1e40\n", "1 2", "" }, // A word for "not known".
        { "1,A,a\0,1\n2,B,b,2\n", "2", "2:nul_character" },
        { "1,A,\"a\n\0\",1\n2,B,b,x\n", "", "2:nul_character 4:bad_number" },
        { ",A,a,1\n2,,b,2\n3,C, ,3\n", "2", "2:missing_field 4:missing_field" },
        { ",,,\n", "", "" },
        { "1,A,a,1\n1,A,a,2\n1,A,a,3\n", "1 1 1", "" },
        { "\uFEFF1,A,a,1\n\uFEFF2,B,b,2\n", "1 2", "" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Every_row_is_a_record_or_a_rejection_when_read(string rows, string ids, string faults)
    {
        var result = await Read($"{Header}\n{rows}");

        Assert.Equal(ids, string.Join(' ', result.Ids));
        Assert.Equal(faults, string.Join(' ', result.Faults));
        Assert.Equal(result.Records.Count + result.Rejections.Count, result.Pages.LastOrDefault()?.RecordsThrough ?? 0);
    }

    /// <summary>The header repeated, in the spellings of programs that concatenate files.</summary>
    [Theory]
    [InlineData("\"symbol\",\"name\",\"market_cap\"")]
    [InlineData("Symbol,Name,Market_cap")]
    [InlineData("SYMBOL,NAME,MARKET CAP")]
    [InlineData("symbol, name, market_cap")]
    [InlineData("symbol,name,market_cap,")]
    [InlineData("\uFEFFsymbol,name,market_cap")]
    [InlineData("Ticker,Coin,Market Cap ($)")]
    [InlineData("symbol,name,mcap")]
    [InlineData("# symbol, name, cap in EUR")]
    public async Task Header_is_no_row_when_it_is_repeated_in_any_spelling(string header)
    {
        var result = await Read($"symbol,name,market_cap\nBTC,Bitcoin,1.5\n{header}\nETH,Ether,2.5\n{header}");

        Assert.Equal(["btc:bitcoin", "eth:ether"], result.Ids);
        Assert.Empty(result.Faults);
        Assert.Equal([1.5, 2.5], result.Records.Select(record => record.MarketCapUsd));
    }

    [Theory]
    [InlineData("symbol,name,volume,price")]
    [InlineData("name,symbol,price,volume")]
    [InlineData("Symbol,Name,Price (EUR),Volume")]
    [InlineData("symbol,name,price,Volume (M)")]
    [InlineData("symbol,name,price")]
    [InlineData("id,symbol,name,price,volume")]
    [InlineData("symbol,name,price,volume,rank")]
    public async Task Reading_ends_with_the_line_of_another_header_when_two_files_are_in_one(string header)
    {
        var path = Write("a.csv", $"symbol,name,price,volume\nBTC,Bitcoin,1.5,10\n{header}\nETH,Ether,20,2.5\n");
        var pages = new List<Kasparro.Ingestion.Model.SourcePage>();
        var stream = Assert.Single(Source().GetStreams(Request(path)));

        var error = await Assert.ThrowsAsync<Kasparro.Ingestion.Sources.SourceException>(async () =>
        {
            await foreach (var page in stream.ReadAsync(Kasparro.Ingestion.Model.ResumePoint.Start, Cancellation))
            {
                pages.Add(page);
            }
        });

        Assert.Equal(["btc:bitcoin"], new CsvResult(pages).Ids);
        Assert.Equal("a.csv has another header in line 3, with other columns: split it into two files there.", error.Message);
        await Assert.ThrowsAsync<Kasparro.Ingestion.Sources.SourceException>(() => ReadFile(path, from: After(pages[0])));
    }

    [Theory]
    [InlineData("symbol,name,note", "symbol,name,price")]
    [InlineData("symbol,name", "symbol,name,price")]
    public async Task Header_with_a_field_more_is_another_one(string header, string other)
    {
        var error = await Assert.ThrowsAsync<Kasparro.Ingestion.Sources.SourceException>(
            () => Read($"{header}\nBTC,Bitcoin\n{other}\nETH,Ether,2.5\n"));

        Assert.Contains("another header in line 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Header_is_repeated_when_it_has_columns_of_one_name_and_unknown_ones()
    {
        const string Names = "symbol,name,price,price,date,time_open,x,";

        var result = await Read($"{Names}\nBTC,Bitcoin,1.5,9,2026-11-20,,\n{Names}\nETH,Ether,2.5,9,2026-11-20,,\n");

        Assert.Equal([1.5, 2.5], result.Records.Select(record => record.PriceUsd));
        Assert.Empty(result.Faults);
    }

    [Theory]
    [InlineData("SYMBOL,Bitcoin,1")]
    [InlineData("BTC,Name,1")]
    [InlineData("TICKER,Tickers,1")]
    [InlineData("TIME,Time,1")]
    [InlineData("LAST,Coin,1")]
    public async Task Coin_is_no_header_when_one_of_its_names_is_that_of_a_column(string row) =>
        Assert.Single((await Read($"symbol,name,price\n{row}\n")).Records);

    [Fact]
    public async Task Rejection_tells_what_is_wrong_and_shows_the_row_when_a_row_is_rejected()
    {
        var result = await Read($"{Header}\nx1,A,a,12 00\n2,B,b\n3,\"C,c,3\n4,D\0,d,4\n");

        Assert.Collection(
            result.Rejections,
            r => Assert.Equal(("x1", "price_usd is not a number: '12 00'.", "x1,A,a,12 00"), (r.ExternalId, r.Detail, r.Payload)),
            r => Assert.Equal((null, "the row has 3 fields; the header has 4.", "2,B,b"), (r.ExternalId, r.Detail, r.Payload)),
            r => Assert.Equal((null, "3,\"C,c,3"), (r.ExternalId, r.Payload)),
            r => Assert.Equal((null, "the row has a NUL character.", "4,D\u2400,d,4"), (r.ExternalId, r.Detail, r.Payload)));
    }

    [Fact]
    public async Task Only_its_row_is_rejected_when_bytes_are_no_utf8()
    {
        var valid = Encoding.UTF8.GetBytes($"{Header}\n\u00E9,\u20BF,\U0001F680,1\n");
        byte[] text = [.. valid, 0xFF, 0xFE, .. ",B,b,2\n3,C,c"u8, 0xC3, .. ",3\n4,D,d,4\n"u8];

        var result = await Read(text);

        Assert.Equal(["\u00E9", "4"], result.Ids);
        Assert.Equal(["3:invalid_text", "4:invalid_text"], result.Faults);
        Assert.Equal("\uFFFD\uFFFD,B,b,2", result.Rejections[0].Payload);
    }

    [Theory]
    [InlineData(513, "too_long")] // A name that is too long for an index.
    [InlineData(70_000, "too_long")] // A row beyond the limit.
    [InlineData(600_000, "too_long")] // A row beyond the window.
    [InlineData(2_000_000, "too_long")]
    public async Task Only_its_row_is_rejected_when_a_field_is_too_long(int length, string reason)
    {
        var result = await Read($"{Header}\n1,A,a,1\n2,B,{new string('b', length)},2\n3,C,c,x\n4,D,d,4\n");

        Assert.Equal(["1", "4"], result.Ids);
        Assert.Equal([$"3:{reason}", "4:bad_number"], result.Faults);
        Assert.InRange(result.Rejections[0].Payload.Length, Math.Min(length, 8_000), 8_200);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    public async Task Long_last_row_is_rejected_once_when_the_file_ends_with_it(string end)
    {
        var result = await Read($"{Header}\n1,A,a,1\n2,B,{new string('b', 700_000)},2{end}");

        Assert.Equal(["1"], result.Ids);
        Assert.Equal(["3:too_long"], result.Faults);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(3_000)]
    [InlineData(60_000)]
    public async Task Only_its_line_is_lost_when_a_quote_is_never_closed_in_a_large_file(int after)
    {
        var result = await Read($"{Header}\n{Rows(0, 10)}x,X,\"x,1\n{Rows(10, after)}");

        Assert.Equal(10 + after, result.Records.Count);
        Assert.Equal(["12:malformed_row"], result.Faults);
    }

    [Fact]
    public async Task Quoted_field_of_many_lines_is_kept_when_it_is_within_the_limit()
    {
        var poem = string.Concat(Enumerable.Repeat("line\r\n", 10_000));

        var result = await Read($"id,symbol,name,poem\n1,A,a,\"{poem}\"\n{Rows(2, 20_000)}x\n");

        Assert.Equal(20_001, result.Records.Count);
        Assert.Equal(["30003:malformed_row"], result.Faults);
        Assert.Equal(poem, JsonDocument.Parse(result.Records[0].Payload).RootElement.GetProperty("poem").GetString());
    }

    [Fact]
    public async Task Memory_stays_bounded_when_rows_are_as_long_as_they_may_be()
    {
        var row = $"1,A,a,{new string('x', 60_000)}\n";

        var result = await Read($"id,symbol,name,note\n{string.Concat(Enumerable.Repeat(row, 700))}");

        Assert.Equal(700, result.Records.Count);
        Assert.All(result.Pages, page => Assert.InRange(page.Records.Sum(record => (long)record.Payload.Length), 0, 17 * 1024 * 1024));
    }

    [Fact]
    public async Task Payload_is_the_row_as_sent_when_it_has_quotes_controls_and_unknown_columns()
    {
        var result = await Read("id,symbol,Full Name,name,Preis €\n1,A,\"a \"\"b\"\"\n\u0001\\\", Bitcoin ,\n");

        var payload = JsonDocument.Parse(Assert.Single(result.Records).Payload).RootElement;
        Assert.Equal("id|symbol|Full Name|name|Preis €", string.Join('|', payload.EnumerateObject().Select(property => property.Name)));
        Assert.Equal("a \"b\"\n\u0001\\", payload.GetProperty("Full Name").GetString());
        Assert.Equal("", payload.GetProperty("Preis €").GetString());
        Assert.Equal("Bitcoin", result.Records[0].Name);
    }

    [Theory]
    [InlineData("1,A,a,1,x", "1,A,a,1.0,x", true)]
    [InlineData("1,A,a,1000000,x", "1,A,a,1e6,x", true)]
    [InlineData("1,A,a,0,x", "1,A,a,-0.0,x", true)]
    [InlineData("1,A,a,1,x", "\"1\",\"A\", a ,\" 1\",x", true)]
    [InlineData("1,A,a,,x", "1,A,a, ,x", true)]
    [InlineData("1,A,a,1,x", "1,A,a,2,x", false)]
    [InlineData("1,A,a,1,x", "1,A,a,,x", false)]
    [InlineData("1,A,a,0,x", "1,A,a,,x", false)]
    [InlineData("1,A,a,1,x", "1,A,a,1,y", false)]
    [InlineData("1,A,a,1,1", "1,A,a,1,1.0", false)]
    [InlineData("1,A,ab,1,x", "1,Aa,b,1,x", false)]
    public async Task Content_hash_is_the_same_when_the_row_says_the_same(string one, string other, bool same)
    {
        var result = await Read($"id,symbol,name,price,note\n{one}\n{other}\n");

        Assert.Equal(same, result.Records[0].ContentHash == result.Records[1].ContentHash);
    }

    [Fact]
    public async Task Content_hash_is_the_same_when_columns_change_places_and_spelling()
    {
        var one = await Read("id,symbol,name,price_usd,note\n1,A,a,1.5,x\n");
        var other = await Read("note;Name;Ticker;Price;Coin ID\nx;a;A;1,50;1\n");

        Assert.Equal(one.Records[0].ContentHash, other.Records[0].ContentHash);
    }

    [Theory]
    [InlineData("2026-11-20T12:00:00Z", "2026-11-20T12:00:00Z")]
    [InlineData("2026-11-20T14:00:00+02:00", "2026-11-20T12:00:00Z")]
    [InlineData("2026-11-20 12:00:00", "2026-11-20T12:00:00Z")]
    [InlineData("2026-11-20", "2026-11-20T00:00:00Z")]
    [InlineData("1700000000", "2023-11-14T22:13:20Z")]
    [InlineData("1700000000123", "2023-11-14T22:13:20.123Z")]
    [InlineData("", null)]
    [InlineData("yesterday", "bad_time")]
    [InlineData("2226-01-01", "bad_time")]
    [InlineData("1999-01-01", "bad_time")]
    public async Task Quoted_at_is_the_time_column_when_it_has_a_time(string time, string? expected)
    {
        var result = await Read($"symbol,name,updated_at\nA,a,{time}\n");

        if (string.Equals(expected, "bad_time", StringComparison.Ordinal))
        {
            Assert.Equal(["2:bad_time"], result.Faults);
        }
        else
        {
            Assert.Equal(expected is null ? null : DateTimeOffset.Parse(expected, null), Assert.Single(result.Records).QuotedAt);
        }
    }

    [Fact]
    public async Task Sample_in_the_repository_is_read_whole_when_nothing_is_set()
    {
        var source = Source(new CsvOptions(), new Kasparro.Ingestion.Sources.Drift.SchemaDriftOptions());

        var page = Assert.Single(await Pages(Assert.Single(source.GetStreams(Request())), Kasparro.Ingestion.Model.ResumePoint.Start));

        Assert.Equal(10, page.Records.Count);
        Assert.Empty(page.Rejections);
        Assert.Equal("Quill, the Writer's Coin", page.Records[^1].Name);
    }
}
