using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json;
using Kasparro.Ingestion.Sources;
using Kasparro.Ingestion.Sources.Csv;

namespace Kasparro.Tests.Unit.Ingestion.Csv;

public sealed class CsvHeaderTests : CsvFiles
{
    [Theory]
    [InlineData("id,symbol,name,price_usd,market_cap,volume_24h,rank,circulating_supply,total_supply,max_supply,updated_at")]
    [InlineData("ID,Symbol,Name,Price USD,Market-Cap,Volume 24h,RANK,CirculatingSupply,total supply,MAX_SUPPLY,UpdatedAt")]
    [InlineData("coin_id,ticker,asset_name,price,market_cap_usd,volume,market_cap_rank,circulatingsupply,totalsupply,max_supply,timestamp")]
    [InlineData("asset_id,symbol,name,current_price,market_cap,total_volume,rank,circulating_supply,total_supply,max_supply,last_updated")]
    [InlineData("external_id,symbol,name,price,market_cap,volume_24h_usd,rank,circulating_supply,total_supply,max_supply,\"updated_at\"")]
    public async Task Every_alias_names_its_field_when_written_in_any_style(string header)
    {
        var result = await Read($"{header}\nbtc,BTC,Bitcoin,1.5,2,3,4,5,6,7,2026-11-20T12:00:00Z\n");

        var record = Assert.Single(result.Records);
        Assert.Equal(("btc", "BTC", "Bitcoin"), (record.ExternalId, record.Symbol, record.Name));
        Assert.Equal((1.5, 2, 3, 4), (record.PriceUsd, record.MarketCapUsd, record.Volume24hUsd, record.Rank));
        Assert.Equal((5d, 6d, 7d), (record.CirculatingSupply, record.TotalSupply, record.MaxSupply));
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero), record.QuotedAt);
    }

    [Fact]
    public void Every_alias_of_the_product_names_its_field()
    {
        foreach (var field in Enum.GetValues<AssetField>())
        {
            foreach (var alias in AssetFields.GetAliases(field))
            {
                var title = $"{char.ToUpperInvariant(alias[0])}{alias[1..].Replace('_', ' ')}";
                foreach (var header in new[] { alias, title, alias.ToUpperInvariant(), $"{title} [1]", $"'{title}'" })
                {
                    var layout = CsvLayout.Create(',', [field is AssetField.TimeOfDay ? "date" : "x", header], new CsvOptions());

                    Assert.Equal((field, header, 1), (field, header, layout[field]));
                }
            }
        }
    }

    [Fact]
    public async Task Configured_alias_goes_first_when_a_built_in_one_is_there_too()
    {
        var options = new CsvOptions { HeaderAliases = { ["PRICE_USD"] = ["Last Trade"], ["name"] = ["Bezeichnung"] } };

        var result = await Read("id,symbol,bezeichnung,price,last_trade\nbtc,BTC,Bitcoin,1,2\n", options);

        Assert.Equal(2, Assert.Single(result.Records).PriceUsd);
    }

    [Fact]
    public async Task First_alias_counts_when_two_columns_mean_one_field()
    {
        var result = await Read("id,symbol,name,price,price_usd\nbtc,BTC,Bitcoin,1,2\n");

        Assert.Equal(2, Assert.Single(result.Records).PriceUsd);
    }

    /// <summary>Lines above the rows; the header is the line that names the most fields of a record.</summary>
    [Theory]
    [InlineData("# symbol, name, price at close\nid,symbol,name,price\n")]
    [InlineData("# id, symbol, name, price, rank\nid,symbol,name,price\n")]
    [InlineData("// id, symbol, name, price, rank\nid,symbol,name,price\n")]
    [InlineData("Columns,symbol,name\nid,symbol,name,price\n")]
    [InlineData("Name;Symbol;see below\nid,symbol,name,price\n")]
    [InlineData("Name,Symbol,see below\n,,\nid,symbol,name,price\n")]
    [InlineData("symbol,name\n\nid,symbol,name,price\n")]
    [InlineData("id,symbol,name,price\nID,Symbol,Name,Price\n")]
    public async Task Header_is_the_line_that_names_most(string lines)
    {
        var record = Assert.Single((await Read($"{lines}1,BTC,Bitcoin,1.5\n")).Records);

        Assert.Equal(("1", "BTC", "Bitcoin", 1.5), (record.ExternalId, record.Symbol, record.Name, record.PriceUsd));
    }

    [Theory]
    [InlineData("# symbol, name, price\nBTC,Bitcoin,1.5\n")] // Still the header if there is no other.
    [InlineData("symbol,name,price\nBTC,Bitcoin,1.5\nid,symbol,name,rank,price\n")] // The table has already begun.
    [InlineData("symbol,name\nBTC,Bitcoin\nid,symbol,name,rank,price\n")]
    [InlineData("symbol,name,price\nBTC,Bitcoin,\nid,symbol,name,rank,price\n")]
    public async Task First_line_is_the_header_when_rows_follow_it(string text)
    {
        var path = Write("a.csv", text);

        var page = await ReadFirst(path, new CsvOptions(), Kasparro.Ingestion.Model.ResumePoint.Start);

        Assert.Equal("btc:bitcoin", Assert.Single(page.Records).ExternalId);
    }

    [Theory]
    [InlineData("\u00EF\u00BB\u00BFid,symbol,name")]
    [InlineData("\u00EF\u00BB\u00BF\"id\",\"symbol\",\"name\"")]
    [InlineData("\uFEFF\u00EF\u00BB\u00BFid,symbol,name")]
    [InlineData("?id,symbol,name")]
    [InlineData("???id,symbol,name")]
    [InlineData("\uFFFDid,symbol,name")]
    [InlineData("\"?id\",\"symbol\",\"name\"")]
    [InlineData("\u00EF\u00BB\u00BFsep=,\nid,symbol,name")]
    public async Task Byte_order_mark_that_was_damaged_is_no_part_of_a_name(string header) =>
        Assert.Equal(["bitcoin"], (await Read($"{header}\nbitcoin,BTC,Bitcoin\n")).Ids);

    [Theory]
    [InlineData("symbol")]
    [InlineData("name")]
    public async Task Reading_fails_soon_when_thousands_of_columns_have_no_name_that_is_known(string known)
    {
        // Pricing this took half a minute of CPU time when every line was checked for every field.
        var header = string.Join(',', Enumerable.Range(0, 8_000).Select(i => $"C{i}"));
        var row = string.Join(',', Enumerable.Repeat("1.5", 8_000));
        var text = $"{known},{header}\n{string.Concat(Enumerable.Repeat($"2026-11-01,{row}\n", 25))}";

        var error = await Assert.ThrowsAsync<SourceException>(() => Read(text));

        Assert.Contains("has no column for", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Columns_with_one_name_are_told_apart_in_time_that_rises_with_their_number()
    {
        var record = Assert.Single((await Read($"symbol,name{string.Concat(Enumerable.Repeat(",x", 30_000))}\nBTC,Bitcoin\n")).Records);

        Assert.True(JsonDocument.Parse(record.Payload).RootElement.TryGetProperty("x_30000", out _));
    }

    [Fact]
    public async Task External_id_is_symbol_and_name_when_there_is_no_id_column()
    {
        var result = await Read("symbol,name\nBTC,Bitcoin\nETH, Ethereum \n");

        Assert.Equal(["btc:bitcoin", "eth:ethereum"], result.Ids);
    }

    [Theory]
    [InlineData("BCH,Bitcoin Cash", "bch:bitcoin cash")]
    [InlineData("BCH,Bitcoin  Cash", "bch:bitcoin cash")]
    [InlineData("BCH,Bitcoin\u00A0Cash", "bch:bitcoin cash")]
    [InlineData("BCH,\"Bitcoin\r\nCash\"", "bch:bitcoin cash")]
    [InlineData("C,Caf\u00E9", "c:caf\u00E9")]
    [InlineData("C,Cafe\u0301", "c:caf\u00E9")]
    public async Task External_id_is_one_however_a_name_is_written(string cells, string id) =>
        Assert.Equal([id], (await Read($"symbol,name\n{cells}\n")).Ids);

    [Theory]
    [InlineData("id,name,price\n1,2,3\n", "test.csv has no column for symbol; it has id, name, price.")]
    [InlineData("id;symbol;preis\n1;2;3\n", "test.csv has no column for name; it has id, symbol, preis.")]
    [InlineData("1,2,3\n", "test.csv has no column for symbol and name; it has 1, 2, 3.")]
    [InlineData("", "test.csv is empty, a pipe or a device: it has no header.")]
    [InlineData("\n\n  \n", "test.csv is empty: it has no header.")]
    [InlineData("\uFEFF", "test.csv is empty: it has no header.")]
    [InlineData("id,symbol,name\u00851,A,a\u0085", "test.csv is one line to CSV: its lines end in U+0085 or U+2028. "
        + "Save it with other line breaks.")]
    [InlineData("id,symbol,name\u20281,A,a\u2028", "test.csv is one line to CSV: its lines end in U+0085 or U+2028. "
        + "Save it with other line breaks.")]
    [InlineData("symbol^name\nA^a\n", "test.csv has no column for symbol and name; it has symbol^name. "
        + "If that is several columns, Sources:Csv:Delimiter says what separates them.")]
    [InlineData("id,\"symbol,name\n1,2,3\n",
        "test.csv has a malformed header: a quote in it is never closed, or is closed inside a field.")]
    [InlineData("id,symbol,na\0me\n", "test.csv is not text in UTF-8: its header has NUL bytes. If it is UTF-16 "
        + "without a byte order mark, set its encoding.")]
    public async Task Reading_fails_with_the_cause_when_the_header_is_no_use(string text, string message)
    {
        var error = await Assert.ThrowsAsync<SourceException>(() => Read(text));

        Assert.Equal(message, error.Message);
    }

    [Fact]
    public async Task Reading_fails_when_the_header_is_longer_than_a_row_may_be()
    {
        var error = await Assert.ThrowsAsync<SourceException>(() => Read($"id,symbol,name,{new string('x', 70_000)}\n"));

        Assert.Equal("test.csv has a header longer than 65536 bytes.", error.Message);
    }

    [Theory]
    [InlineData("id,symbol,name")]
    [InlineData("id,symbol,name\n")]
    [InlineData("\r\nid,symbol,name\r\n\r\n")]
    public async Task Reading_completes_without_pages_when_there_is_only_a_header(string text) => Assert.Empty((await Read(text)).Pages);

    [Theory]
    [InlineData(',')]
    [InlineData(';')]
    [InlineData('\t')]
    [InlineData('|')]
    public async Task Delimiter_is_detected_when_not_set(char delimiter)
    {
        // The other delimiters are in the fields, and more frequent, so the meaning of the header decides.
        var text = "id,symbol,name,note\nbtc,BTC,Bitcoin,x\n".Replace(',', delimiter);
        var others = string.Concat(",;\t|".Where(c => c != delimiter));

        var result = await Read(text.Replace("x", $"\"{others}{others}\"", StringComparison.Ordinal));

        Assert.Equal(["btc"], result.Ids);
        Assert.Equal($"{others}{others}", JsonDocument.Parse(result.Records[0].Payload).RootElement.GetProperty("note").GetString());
    }

    [Theory]
    [InlineData("sep=;\r\nid;symbol;name\r\nbtc;BTC;Bitcoin\r\nx;;\r\n", null)]
    [InlineData("sep=,\nid;symbol;name\nbtc;BTC;Bitcoin\nx;;\n", null)] // Another spreadsheet's hint.
    [InlineData("#id#symbol#name\n#btc#BTC#Bitcoin\n\n#x##\n", "#")]
    [InlineData("\"id\"\t\"symbol\"\t\"name\"\n\"btc\"\t\"BTC\"\t\"Bit,coin\"\n\nx\t\t\n", "tab")]
    public async Task Delimiter_is_the_one_that_is_told_when_it_is(string text, string? delimiter)
    {
        var result = await Read(text, new CsvOptions { Delimiter = delimiter });

        Assert.Equal(["btc"], result.Ids);
        Assert.Equal(4, Assert.Single(result.Rejections).Position);
    }

    [Fact]
    public async Task Payload_names_every_column_once_when_the_header_repeats_or_leaves_out_names()
    {
        var result = await Read("id,symbol,name,note,note,,,x\n1,BTC,Bitcoin,a,b,c,d,e\n");

        Assert.Equal(
            """{"id":"1","symbol":"BTC","name":"Bitcoin","note":"a","note_2":"b","column_6":"c","column_7":"d","x":"e"}""",
            Encoding.UTF8.GetString(Assert.Single(result.Records).Payload.Span));
    }

    [Theory]
    [InlineData("Delimiter", "ab")]
    [InlineData("Delimiter", "\"")]
    [InlineData("Delimiter", "\n")]
    [InlineData("Encoding", "klingon")]
    [InlineData("HeaderAliases", "prize")]
    [InlineData("PageSize", "0")]
    [InlineData("MaxRowBytes", "10")]
    [InlineData("Path", "")]
    [InlineData("WatchInterval", "00:00:00")]
    public void Options_name_the_setting_when_it_is_invalid(string setting, string value)
    {
        var options = new CsvOptions();
        switch (setting)
        {
            case "HeaderAliases":
                options.HeaderAliases[value] = ["x"];
                break;
            default:
                var property = typeof(CsvOptions).GetProperty(setting)!;
                var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
                property.SetValue(options, TypeDescriptor.GetConverter(type).ConvertFromInvariantString(value));
                break;
        }

        var results = new List<ValidationResult>();
        var context = new ValidationContext(options);

        Assert.False(Validator.TryValidateObject(options, context, results, validateAllProperties: true));
        Assert.Equal(setting, Assert.Single(Assert.Single(results).MemberNames));
    }
}
