using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Sources.Csv;
using Kasparro.Ingestion.Sources.Drift;

namespace Kasparro.Tests.Unit.Ingestion.Csv;

/// <summary>Files as people have them; each kind has broken other importers.</summary>
public sealed class CsvFieldCaseTests : CsvFiles
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_row_of_a_history_is_a_record_in_any_order(bool newestFirst)
    {
        string[] rows =
        [
            "zeta-t,ZZT,Zeta Test,55.0,2026-11-16T00:00:00Z", "zeta-t,ZZT,Zeta Test,92.0,2026-11-17T00:00:00Z",
            "zeta-t,ZZT,Zeta Test,110.0,2026-11-20T00:00:00Z",
        ];

        var text = $"{Header},updated_at\n{string.Join('\n', newestFirst ? rows.Reverse() : rows)}\n";
        var result = await Read(text, new CsvOptions { PageSize = 2 });

        Assert.Equal([2, 1], result.Pages.Select(page => page.Records.Count));
        var prices = result.Records.OrderBy(record => record.QuotedAt).Select(record => record.PriceUsd!.Value);
        Assert.Equal([55, 92, 110], prices);
    }

    [Theory]
    [InlineData($"{Header}\n", ",")]
    [InlineData($"{Header},\n", "")]
    [InlineData($"{Header},\n", ",")]
    [InlineData($"{Header},,\n", ", ,\"\"")]
    [InlineData($"{Header}\n", ",\u00A0")]
    [InlineData("id;symbol;name;price_usd;\n", ";")]
    [InlineData("id\tsymbol\tname\tprice_usd\n", "\t")]
    [InlineData("id|symbol|name|price_usd\n", "|")]
    public async Task Delimiters_at_the_end_of_every_row_say_nothing(string header, string end)
    {
        var delimiter = header[2];
        var rows = string.Concat(
            Enumerable.Range(1, 25).Select(i => $"t{i},TD{i},Trailing {i},{i}.5".Replace(',', delimiter) + $"{end}\n"));

        var result = await Read(header + rows);

        Assert.Empty(result.Rejections);
        Assert.Equal(Enumerable.Range(1, 25).Select(i => (double?)i + 0.5), result.Records.Select(record => record.PriceUsd));
    }

    [Fact]
    public async Task Blank_rows_are_no_records_and_no_rejections()
    {
        var text = $"{Header}\r\n{Rows(0, 10)}{string.Concat(Enumerable.Repeat(",,,,\r\n\"\",\u00A0, ,\r\n", 20))}";
        var path = Write("a.csv", text);

        var pages = await ReadFile(path);

        Assert.Equal((10, 0), (pages.Sum(page => page.Records.Count), pages.Sum(page => page.Rejections.Count)));
        Assert.Empty(await ReadFile(path, from: After(pages[^1])));
    }

    [Fact]
    public async Task Numbers_are_read_as_people_write_them()
    {
        var result = await Read(
            """
            id,symbol,name,price_usd,market_cap,volume_24h,rank
            n1,NA1,Thousands,"1,234.56","2,500,000","12,345",1
            n2,NA2,Dollar sign,"$1,234.56","$2,500,000.00",$99,2
            n3,NA3,Suffixes,1.5,2.4B,350K,3
            n4,NA4,Hash rank,1.5,2500000,350000,#4
            n5,NA5,Currency behind,1.5 USD,2500000 USD,350000,5
            n6,NA6,Unicode minus,"−1.5",2500000,350000,6
            n7,NA7,Euro cap,1.5,€2500000,1.5%,7
            n8,NA8,Euro,€1.5,2500000,350000,8
            """);

        Assert.Equal(
            [
                (1234.56, 2_500_000, 12_345, 1), (1234.56, 2_500_000, 99, 2), (1.5, 2.4e9, 350_000, 3),
                (1.5, 2_500_000, 350_000, 4), (1.5, 2_500_000, 350_000, 5), (1.5, null, null, 7),
            ],
            result.Records.Select(record => (record.PriceUsd!.Value, record.MarketCapUsd, record.Volume24hUsd, record.Rank!.Value)));
        Assert.Equal(["7:number_out_of_range", "9:bad_number"], result.Faults);
        Assert.Equal("price_usd is in '€', not in US dollars: '€1.5'.", result.Rejections[1].Detail);
        Assert.Equal(["market_cap unusable 1", "volume_24h unusable 1"], result.Drifts);
    }

    [Fact]
    public async Task Numbers_with_spaces_between_groups_are_read_next_to_others()
    {
        var result = await Read(
            "id;symbol;name;price_usd;market_cap\nf1;FR1;Nbsp;1\u00A0234,56;2\u00A0500\u00A0000\n"
            + "f2;FR2;Narrow nbsp;1\u202F234,56;2\u202F500\u202F000\n"
            + "f3;FR3;Swiss;1\u2019234.56;2\u2019500\u2019000\nf4;FR4;Plain;1234,56;2500000\n");

        Assert.Empty(result.Rejections);
        Assert.All(result.Records, record => Assert.Equal((1234.56, 2_500_000), (record.PriceUsd, record.MarketCapUsd)));
    }

    [Fact]
    public async Task Words_for_not_known_are_null()
    {
        var result = await Read(
            """
            id,symbol,name,price_usd,market_cap,volume_24h,rank,circulating_supply,max_supply,updated_at
            u1,NU1,Not available,1.1,N/A,N/A,N/A,1000,N/A,2026-11-20T12:00:00Z
            u2,NU2,Dashes,1.2,--,-,-,1000,—,2026-11-20T12:00:00Z
            u3,NU3,Infinite supply,1.3,100,10,3,1000,∞,2026-11-20T12:00:00Z
            u4,NU4,Null word,1.4,null,NULL,None,1000,nan,2026-11-20T12:00:00Z
            u5,NU5,Postgres null,1.5,\N,\N,\N,1000,\N,2026-11-20T12:00:00Z
            u6,NU6,Question marks,1.6,?,?,?,1000,Unlimited,-
            u7,NU7,Blank,1.7,,,,1000,,
            u8,NULL,None,N/A,,,,1000,,
            """);

        Assert.Empty(result.Rejections);
        Assert.Empty(result.Drifts);
        Assert.Equal([1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, null], result.Records.Select(record => record.PriceUsd));
        Assert.Equal([null, null, 100d, null, null, null, null, null], result.Records.Select(record => record.MarketCapUsd));
        Assert.Equal([null, null, 3, null, null, null, null, null], result.Records.Select(record => record.Rank));
        Assert.All(result.Records, record => Assert.Equal((1000, null), (record.CirculatingSupply, record.MaxSupply)));
        Assert.Equal(("NULL", "None"), (result.Records[^1].Symbol, result.Records[^1].Name));
    }

    [Fact]
    public async Task Times_that_could_be_another_are_refused_and_the_setting_reads_them()
    {
        const string Text = """
            id;symbol;name;price_usd;updated_at
            d1;DM1;a;1,1;05/11/2026 10:30
            d2;DM2;b;1,2;20/11/2026 10:30
            d3;DM3;c;1,3;05.11.2026
            d4;DM4;d;1,4;10:30
            d5;DM5;e;1,5;2026-11-05T10:30:00Z
            """;

        var refused = await Read(Text);
        var set = await Read(Text, new CsvOptions { TimeFormat = "day-first" });

        Assert.Equal(["2:bad_time", "3:bad_time", "4:bad_time", "5:bad_time"], refused.Faults);
        Assert.All(refused.Rejections, rejection => Assert.Contains("Sources:Csv:TimeFormat", rejection.Detail, StringComparison.Ordinal));
        Assert.Equal(["5:bad_time"], set.Faults);
        Assert.Equal(
            ["05 10:30", "20 10:30", "05 00:00", "05 10:30"],
            set.Records.Select(record => record.QuotedAt!.Value.ToString("dd HH:mm", null)));
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("0000-00-00 00:00:00")]
    [InlineData("1970-01-01T00:00:00Z")]
    [InlineData("0")]
    public async Task A_zero_time_is_none_and_costs_no_record(string time)
    {
        var result = await Read($"{Header},updated_at\n1,A,a,1,{time}\n");

        Assert.Null(Assert.Single(result.Records).QuotedAt);
        Assert.Equal(["updated_at unusable 1"], result.Drifts);
    }

    [Theory]
    [InlineData("market_cap", "abc")]
    [InlineData("market_cap", "-1")]
    [InlineData("market_cap", "1e400")]
    [InlineData("volume_24h", "1.5 EUR")]
    [InlineData("rank", "first")]
    [InlineData("max_supply", "12%")]
    [InlineData("circulating_supply", "(5)")]
    public async Task An_optional_number_that_cannot_be_used_costs_itself_only(string field, string value)
    {
        var result = await Read($"{Header},{field}\n1,A,a,1.5,{value}\n2,B,b,2.5,7\n");

        Assert.Empty(result.Rejections);
        Assert.Equal([1.5, 2.5], result.Records.Select(record => record.PriceUsd));
        Assert.Equal([$"{field} unusable 1"], result.Drifts);
        Assert.Equal(value, result.Pages[0].Drifts[0].Example);
    }

    [Fact]
    public async Task A_fields_policy_may_reject_its_records()
    {
        var path = Write("a.csv", $"{Header},rank\n1,A,a,1.5,first\n2,B,b,2.5,7\n");
        var drift = new SchemaDriftOptions { Fields = { ["csv_source/a.csv/rank"] = DriftPolicy.RejectRecord } };

        var stream = Assert.Single(Source(new CsvOptions { Path = path }, drift).GetStreams(Request()));
        var result = new CsvResult(await Pages(stream, ResumePoint.Start));

        Assert.Equal(["2:schema_drift"], result.Faults);
        Assert.Equal(["2"], result.Ids);
    }

    [Theory]
    [InlineData("\uFEFF\uFEFFid,symbol,name,price_usd,market_cap\n")]
    [InlineData("\uFEFF\uFEFF\"id\",symbol,name,price_usd,market_cap\n")]
    [InlineData("id,symbol,name,price\u200B_usd,market_cap\u2060\n")]
    [InlineData("\u200Bid\uFEFF,sym\u00ADbol,\u200Ename,price_usd\u00A0,market\u00A0cap\n")]
    [InlineData("Coin ID,Symbol,Name,Price (USD),Market Cap ($)\n")]
    [InlineData("id,symbol,name,Price*,Market Cap**\n")]
    [InlineData("id,symbol,name,Close**,Market Cap\u2020\n")]
    [InlineData("ID [1],Ticker,Coin,Price [USD] \u25B2,\"Market Cap, US$\"\n")]
    [InlineData("id,symbol,name,priceUsd,marketCapUSD\n")]
    [InlineData("id,symbol,name,Price\u00B9,Market cap [2]\n")]
    [InlineData("\u201Cid\u201D,\u201Csymbol\u201D,\u00ABname\u00BB,`price`,\u2018market_cap\u2019\n")]
    [InlineData("\uFF29\uFF24,\uFF33ymbol,\uFF2Eame,\uFF30\uFF32\uFF29\uFF23\uFF25,Market cap\n")]
    [InlineData("\u0130D,SYMBOL,NAME,PR\u0130CE,MARKET CAP\n")]
    [InlineData("\u0131d,symbol,name,pr\u0131ce,market cap\n")]
    [InlineData("'id','symbol','name','price','market_cap'\n")]
    [InlineData("=\"id\",=\"symbol\",=\"name\",=\"price\",=\"market_cap\"\n")]
    [InlineData("sep=,\r\nid,symbol,name,price,market_cap\n")]
    [InlineData("\"sep=,\"\r\nid,symbol,name,price,market_cap\n")]
    [InlineData("Times are UTC,https://prices.example/download\nid,symbol,name,price,market_cap\n")]
    [InlineData("# exported by example-tool 1.0\n# 2026-11-20\n\nid,symbol,name,price,market_cap\n")]
    [InlineData("Report \"of the day\nGenerated;2026-11-20;by, us\n,,,,\nid,symbol,name,price,market_cap\n")]
    public async Task A_header_is_found_and_understood_regardless_of_what_surrounds_it(string header)
    {
        var result = await Read(header + "zeta-t,ZZT,Zeta Test,1.25,100\n");

        var record = Assert.Single(result.Records);
        Assert.Empty(result.Rejections);
        Assert.Equal(("zeta-t", "ZZT", "Zeta Test"), (record.ExternalId, record.Symbol, record.Name));
        Assert.Equal((1.25, 100), (record.PriceUsd, record.MarketCapUsd));
    }

    [Fact]
    public async Task Decorated_headers_of_every_field_are_understood()
    {
        var result = await Read(
            "#,Coin ID,Symbol,Name,Price (USD),Market Cap ($),Volume (24h),Circulating Supply (coins),Total Supply*,Max. Supply,"
            + "Updated at (UTC)\n901,zeta-t,ZZT,Zeta Test,1.25,1000000,5000,7,8,9,2026-11-20T12:00:00Z");

        var record = Assert.Single(result.Records);
        Assert.Equal((1.25, 1_000_000, 5000, 901), (record.PriceUsd, record.MarketCapUsd, record.Volume24hUsd, record.Rank));
        Assert.Equal((7d, 8d, 9d), (record.CirculatingSupply, record.TotalSupply, record.MaxSupply));
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero), record.QuotedAt);
    }

    [Theory]
    [InlineData("24h Volume")]
    [InlineData("Volume 24hr (USD)")]
    [InlineData("24 Hour Volume")]
    [InlineData("Volume USD")]
    [InlineData("Total Volume")]
    public async Task Volumes_have_many_names(string header) =>
        Assert.Equal(5, Assert.Single((await Read($"{Header},{header}\n1,A,a,1,5\n")).Records).Volume24hUsd);

    [Theory]
    [InlineData("snapped_at")]
    [InlineData("unix")]
    [InlineData("Unix Timestamp")]
    [InlineData("Timestamp (ms)")]
    [InlineData("Date")]
    [InlineData("Time (UTC)")]
    [InlineData("Last Update")]
    public async Task Times_have_many_names(string header) =>
        Assert.NotNull(Assert.Single((await Read($"{Header},{header}\n1,A,a,1,1763640000000\n")).Records).QuotedAt);

    [Theory]
    [InlineData("Price (EUR)")]
    [InlineData("Price \u20AC")]
    [InlineData("Price %")]
    [InlineData("Price BTC")]
    [InlineData("Prix")]
    [InlineData("Price change")]
    public async Task A_file_without_a_price_column_says_so(string header)
    {
        var result = await Read($"id,symbol,name,{header}\n1,A,a,1.5\n2,B,b,1.5\n");

        Assert.All(result.Records, record => Assert.Null(record.PriceUsd));
        var drift = Assert.Single(result.Pages[0].Drifts);
        Assert.Equal(("price_usd", "missing", 2L, DriftPolicy.Warn), (drift.Path, drift.Kind, drift.Occurrences, drift.Policy));
        Assert.Contains("id, symbol, name, Pri", drift.Example, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cells_that_are_forced_to_be_text_are_read_without_what_forces_them()
    {
        var result = await Read(
            """"
            id,symbol,name,price_usd,rank
            ="007",="ZZT","=""Zeta Test""",="1.25",'3
            '008,'OMT,Omega Test,'0.5,4
            '009','GMT','Gamma Test','0.75','5'
            10,PTS,'t Paard,1,6

            """");

        Assert.Equal(
            [
                ("007", "ZZT", "Zeta Test", 1.25, 3), ("008", "OMT", "Omega Test", 0.5, 4), ("009", "GMT", "Gamma Test", 0.75, 5),
                ("10", "PTS", "'t Paard", 1, 6),
            ],
            result.Records.Select(r => (r.ExternalId, r.Symbol, r.Name, r.PriceUsd!.Value, r.Rank!.Value)));
    }

    [Theory]
    [InlineData("id,symbol,name,price_usd\rk1,OK1,Old Mac,1.1\rk2,OK2,Old Mac two,1.2\r", "1.1 1.2", null)]
    [InlineData("sep=;\r\nid;symbol;name;price_usd;market_cap\r\nk3;OK3;Excel hint;1,25;1,265E+12\r\n", "1.25", null)]
    [InlineData("id,symbol,name,price,price,market_cap\nk9,OK9,Twice,1.1,9.9,100\nTotal,,,,,100\n", "1.1", "3:missing_field")]
    public async Task Shapes_that_work_keep_working(string text, string prices, string? fault)
    {
        var result = await Read(text);

        Assert.Equal(prices, string.Join(' ', result.Records.Select(record => $"{record.PriceUsd}")));
        Assert.Equal(fault, result.Faults.SingleOrDefault());
        Assert.True(fault is not null || result.Records[0].MarketCapUsd is null or 1.265e12);
    }

    [Fact]
    public async Task Minus_zero_is_zero()
    {
        var record = Assert.Single((await Read($"{Header},market_cap,rank\n1,A,a,-0.00,-0,1\n")).Records);

        Assert.Null(record.PriceUsd); // Zero is not a price.
        Assert.False(double.IsNegative(record.MarketCapUsd!.Value));
    }
}
