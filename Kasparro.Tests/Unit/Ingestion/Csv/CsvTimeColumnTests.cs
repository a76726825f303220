using System.Globalization;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Sources.Csv;
using Kasparro.Ingestion.Sources.Drift;

namespace Kasparro.Tests.Unit.Ingestion.Csv;

/// <summary>Which columns contain a quote's time, and what a file without one reports.</summary>
public sealed class CsvTimeColumnTests : CsvFiles
{
    [Theory]
    [InlineData("Day")]
    [InlineData("Updated")]
    [InlineData("Update time")]
    [InlineData("Datum")]
    [InlineData("Fecha")]
    [InlineData("ts")]
    [InlineData("Time Open")]
    [InlineData("closeTime")]
    [InlineData("Quote time")]
    [InlineData("Snapshot date")]
    [InlineData("quote.USD.last_updated")]
    [InlineData("Recorded At (UTC)")]
    [InlineData("scraped_at")]
    [InlineData("block_timestamp")]
    [InlineData("minute")]
    [InlineData("HOUR")]
    [InlineData("Last Modified")]
    [InlineData("Date (UTC+0)")]
    [InlineData("Time(UTC+00:00)")]
    [InlineData("dt")]
    [InlineData("Export Date")]
    [InlineData("downloaded_at")]
    public async Task Times_have_more_names(string header) =>
        Assert.NotNull(Assert.Single((await Read($"{Header},{header}\n1,A,a,1,2026-11-20\n")).Records).QuotedAt);

    [Theory]
    [InlineData("fetched_at,date")]
    [InlineData("retrieved_at,Day")]
    [InlineData("updated,timestamp")]
    [InlineData("scraped_at,minute")]
    [InlineData("price_date,price_timestamp")]
    [InlineData("Export Date,closeTime")]
    [InlineData("exported_at,Data Date")]
    public async Task Time_of_the_quote_counts_where_a_row_has_that_of_its_export(string header)
    {
        var record = Assert.Single((await Read($"{Header},{header}\n1,A,a,1,2026-11-20,2026-11-19\n")).Records);

        Assert.Equal(19, record.QuotedAt!.Value.Day);
    }

    /// <summary>The time that a chain takes per block, as in lists of coins.</summary>
    [Fact]
    public async Task Block_time_is_none_of_the_quote() =>
        Assert.Equal(["1"], (await Read($"{Header},BlockTime\n1,A,a,1,600\n")).Ids);

    [Fact]
    public async Task Close_counts_where_a_row_has_its_open_and_its_close()
    {
        var record = Assert.Single((await Read($"{Header},time_open,time_close\n1,A,a,1,2026-11-19,2026-11-20\n")).Records);

        Assert.Equal(20, record.QuotedAt!.Value.Day);
    }

    [Theory]
    [InlineData("Period")]
    [InlineData("Jour")]
    public async Task History_without_a_known_time_says_so(string header)
    {
        var text = $"{Header},{header}\n1,A,a,1,x\n2,B,b,1,x\n1,A,a,2,y\n1,A,a,3,z\n";

        var result = await Read(text);

        Assert.Equal(4, result.Records.Count);
        var drift = Assert.Single(result.Pages[0].Drifts);
        Assert.Equal(("updated_at", "missing", 2L, DriftPolicy.Warn), (drift.Path, drift.Kind, drift.Occurrences, drift.Policy));
        Assert.Equal($"id, symbol, name, price_usd, {header}", drift.Example);
    }

    [Theory]
    [InlineData("block_time", true)]
    [InlineData("Tarih", true)]
    [InlineData("\u65E5\u4ED8 (UTC)", true)]
    [InlineData("", true)] // The index of a data frame.
    [InlineData("Date CET", false)]
    [InlineData("local_day", false)]
    [InlineData("Tarih (TS\u0130)", false)]
    public async Task History_has_its_times_in_a_column_of_any_name(string header, bool isRead)
    {
        var result = await Read($"ath_date,{header},symbol,name,price\n2021-11-10,2026-11-20,A,a,2\n2021-11-10,2026-11-19 12:00,A,a,1\n");

        Assert.Equal(isRead ? [20, 19] : [null, null], result.Records.Select(record => record.QuotedAt?.Day));
        Assert.Equal(isRead, result.Drifts.Length == 0);
    }

    [Theory]
    [InlineData("A,a,1,2021-01-01\nA,a,2,2022-01-01\nB,b,3,2023-01-01\n")]
    [InlineData("A,a,1,2021-01-01\nA,a,1,2022-01-01\n")] // Two lots at today's price.
    public async Task Dates_of_a_list_are_not_its_quotes_times(string rows) =>
        Assert.All((await Read($"symbol,name,price,bought\n{rows}")).Records, record => Assert.Null(record.QuotedAt));

    [Theory]
    [InlineData("1", "2", "3", true)]
    [InlineData("7f3b1c1e-4000-000a", "7f3b1c1e-4000-000b", "7f3b1c1e-4000-000c", true)]
    [InlineData("1", "2", "1", false)]
    [InlineData("a-ethereum", "a-solana", "a-base", false)]
    public async Task Ids_that_number_the_rows_of_a_history_are_none_of_an_asset(string first, string second, string third, bool isNumbered)
    {
        var text = $"{Header},date\n{first},A,a,1,2026-11-18\n{second},A,a,2,2026-11-19\n{third},A,a,3,2026-11-20\n";
        var options = new CsvOptions { HeaderAliases = { ["id"] = ["id"] } };

        Assert.Equal(isNumbered ? ["a:a", "a:a", "a:a"] : [first, second, third], (await Read(text)).Ids);
        Assert.Equal([first, second, third], (await Read(text, options)).Ids);
        text = text.Replace(",date", ",date,coin_id", StringComparison.Ordinal).Replace("-18\n", "-18,x\n", StringComparison.Ordinal);
        Assert.Equal(isNumbered ? "x" : first, (await Read(text)).Ids[0]);
    }

    /// <summary>Hourly quotes whose hour is in an unknown column: in such a history, the newest row is not known.</summary>
    [Theory]
    [InlineData("Time (CET)", true)]
    [InlineData("Uhrzeit (MEZ)", true)]
    [InlineData("Time(UTC+8)", true)]
    [InlineData("Local Time", false)]
    [InlineData("Session", false)]
    public async Task History_without_its_time_of_day_says_so(string header, bool isNamed)
    {
        var result = await Read(
            $"{Header},Date,{header}\n1,A,a,3300,2026-11-20,13:00\n1,A,a,3200,2026-11-20,12:00\n1,A,a,3100,2026-11-20,11:00\n");

        Assert.Equal([$"time_of_day missing {(isNamed ? 3 : 2)}"], result.Drifts);
        Assert.Equal(isNamed ? header : $"id, symbol, name, price_usd, Date, {header}", result.Pages[0].Drifts[0].Example);
    }

    [Theory]
    [InlineData("Date", "2026-11-20", "2026-11-19")]
    [InlineData("timestamp", "2026-11-20 00:00", "2026-11-20 01:00")]
    [InlineData("updated_at", "2026-11-20T01:00Z", "2026-11-20T01:00Z")]
    [InlineData("Date", "", "")]
    public async Task History_whose_times_are_told_says_nothing(string header, string first, string second) =>
        Assert.Empty((await Read($"{Header},{header}\n1,A,a,1,{first}\n1,A,a,2,{second}\n2,B,b,2,{second}\n")).Drifts);

    [Fact]
    public async Task Row_that_is_there_twice_is_no_history() =>
        Assert.Empty((await Read($"{Header},date\n1,A,a,1,2026-11-20\n1,A,a,1,2026-11-20\n")).Drifts);

    [Theory]
    [InlineData("Date (CET)")]
    [InlineData("Last Updated (PST)")]
    [InlineData("Timestamp (UTC+8)")]
    public async Task Time_in_another_zone_is_said_to_be_missing(string header)
    {
        var result = await Read($"{Header},{header}\n1,A,a,1,2026-11-20\n1,A,a,2,2026-11-19\n");

        Assert.All(result.Records, record => Assert.Null(record.QuotedAt));
        Assert.Equal(["updated_at missing 2"], result.Drifts);
    }

    [Fact]
    public async Task Policy_may_reject_the_rows_of_a_history_without_a_time()
    {
        var path = Write("a.csv", $"{Header}\n1,A,a,1\n2,B,b,1\n1,A,a,2\n");
        var drift = new SchemaDriftOptions { Fields = { ["updated_at"] = DriftPolicy.RejectRecord } };

        var stream = Assert.Single(Source(new CsvOptions { Path = path }, drift).GetStreams(Request()));
        var result = new CsvResult(await Pages(stream, ResumePoint.Start));

        Assert.Equal(["1", "2"], result.Ids);
        Assert.Equal(["4:schema_drift"], result.Faults);
    }

    [Fact]
    public async Task Nothing_is_said_when_each_asset_has_one_row() =>
        Assert.Empty((await Read($"{Header}\n1,A,a,1\n2,B,b,1\n")).Drifts);

    [Theory]
    [InlineData("Date,Time", "2026-11-20,13:30", "2026-11-20 13:30:00")]
    [InlineData("Time,Date", "13:30:15,2026-11-20", "2026-11-20 13:30:15")]
    [InlineData("Date,Time (UTC)", "2026-11-20,1:30 PM", "2026-11-20 13:30:00")]
    [InlineData("Date,Time", "2026-11-20,13:30:00+02:00", "2026-11-20 11:30:00")]
    [InlineData("Date,Hour", "2026-11-20,13", "2026-11-20 13:00:00")]
    [InlineData("Date,Hour", "2026-11-20,7", "2026-11-20 07:00:00")]
    [InlineData("Date,Hour", "2026-11-20,13:00", "2026-11-20 13:00:00")]
    [InlineData("Date,Time", "20 Nov 2026,13:30", "2026-11-20 13:30:00")]
    [InlineData("Datum,Uhrzeit", "2026-11-20,13:30", "2026-11-20 13:30:00")]
    [InlineData("Fecha,Hora", "2026-11-20,13:30", "2026-11-20 13:30:00")]
    [InlineData("Date,Heure", "2026-11-20,13:30", "2026-11-20 13:30:00")]
    [InlineData("Trade Date,Trade Time", "2026-11-20,13:30", "2026-11-20 13:30:00")]
    [InlineData("Date,Time of trade", "2026-11-20,13:30", "2026-11-20 13:30:00")]
    [InlineData("Date,Time", "2026-11-20 00:00:00,13:30", "2026-11-20 13:30:00")]
    [InlineData("Date,Time", "2026-11-20 13:30:00,13:30:00", "2026-11-20 13:30:00")]
    [InlineData("Date,Time", "2026-11-20,2026-11-20T13:30:00Z", "2026-11-20 13:30:00")]
    [InlineData("Date,Time", "2026-11-20,1795181400", "2026-11-20 13:30:00")]
    [InlineData("Date,Time", "2026-11-20,", "2026-11-20 00:00:00")]
    [InlineData("Date,Time", "2026-11-20,-", "2026-11-20 00:00:00")]
    [InlineData("Date,Time", ",2026-11-20T13:30:00Z", "2026-11-20 13:30:00")]
    [InlineData("Timestamp,Date,Time", "2026-11-20T13:30:00Z,2026-11-19,10:00", "2026-11-20 13:30:00")]
    [InlineData("Date,Time", ",", null)]
    [InlineData("Date,Time", ",13:30", "bad_time")]
    [InlineData("Date,Time", "2026-11-20,noon", "bad_time")]
    [InlineData("Date,Time", "2026-11-20,25:00", "bad_time")]
    [InlineData("Date,Hour", "2026-11-20,24", "2026-11-21 00:00:00")]
    [InlineData("Date,Time", "2026-11-20,1 PM", "2026-11-20 13:00:00")]
    [InlineData("Date,Time", "2026-11-20,1:30\u202FPM", "2026-11-20 13:30:00")]
    [InlineData("Date,Time", "2026-11-20,24:30", "bad_time")]
    [InlineData("Date,Time", "2026-11-20 10:00:00,13:30", "bad_time")]
    [InlineData("Date,Time", "2026-11-20,2026-11-19T13:30:00Z", "bad_time")]
    public async Task Date_and_clock_in_two_columns_are_one_time(string header, string cells, string? expected) =>
        await AssertTime(header, cells, expected);

    [Theory]
    [InlineData("timestamp,timezone", "2026-11-20 13:30,UTC", "2026-11-20 13:30:00")]
    [InlineData("timestamp,tz", "2026-11-20 13:30,Z", "2026-11-20 13:30:00")]
    [InlineData("timestamp,tz", "2026-11-20 13:30,+01:00", "2026-11-20 12:30:00")]
    [InlineData("timestamp,UTC offset", "2026-11-20 13:30,-0500", "2026-11-20 18:30:00")]
    [InlineData("timestamp,Time Zone", "2026-11-20 13:30,UTC+1", "2026-11-20 12:30:00")]
    [InlineData("Date,Time,Zeitzone", "2026-11-20,13:30,+01:00", "2026-11-20 12:30:00")]
    [InlineData("Date,Time,tz", "2026-11-20,,+01:00", "2026-11-20 00:00:00")] // A day.
    [InlineData("timestamp,tz", "2026-11-20 00:00,+01:00", "2026-11-19 23:00:00")]
    [InlineData("Date,Hour,tz", "2026-11-20,0,+01:00", "2026-11-19 23:00:00")]
    [InlineData("Date,Hour,tz", "2026-11-20,13,CET", "bad_time")]
    [InlineData("timestamp,tz", "20261120T1330,+01:00", "2026-11-20 12:30:00")]
    [InlineData("timestamp,tz", "Fri Nov 20 13:30:00 UTC 2026,CET", "2026-11-20 13:30:00")]
    [InlineData("timestamp,timezone", "2026-11-20 13:30,", "2026-11-20 13:30:00")]
    [InlineData("timestamp,timezone", "2026-11-20T13:30:00Z,America/New_York", "2026-11-20 13:30:00")]
    [InlineData("timestamp,timezone", "2026-11-20 14:30:00+01,CET", "2026-11-20 13:30:00")]
    [InlineData("timestamp,timezone", "2026-11-20 13:30:00+00:00,CET", "2026-11-20 13:30:00")]
    [InlineData("Date,Time,timezone", "2026-11-20,13:30Z,CET", "2026-11-20 13:30:00")]
    [InlineData("timestamp,timezone", "1795181400,EST", "2026-11-20 13:30:00")]
    [InlineData("timestamp,timezone", "1970-01-01 00:00,EST", null)]
    [InlineData("date,timezone", "2026-11-20,America/New_York", "2026-11-20 00:00:00")]
    [InlineData("timestamp,timezone", "2026-11-20 13:30,CET", "bad_time")]
    [InlineData("Date,Time,timezone", "2026-11-20,13:30,Europe/Berlin", "bad_time")]
    [InlineData("timestamp,utc_offset", "2026-11-20 13:30,3600", "bad_time")]
    public async Task Zone_in_a_column_is_that_of_times_that_have_none(string header, string cells, string? expected) =>
        await AssertTime(header, cells, expected);

    [Theory]
    [InlineData("day-first", "Date,Time", "05/11/2026,13:30", "2026-11-05 13:30:00")]
    [InlineData("day-first", "Date,tz", "05/11/2026 13:30,+01:00", "2026-11-05 12:30:00")]
    [InlineData("day-first", "Date,tz", "05/11/2026 13:30,CET", "bad_time")]
    [InlineData("day-first", "Date,tz", "05-11-2026 13:30,CET", "bad_time")]
    [InlineData("dd.MM.yyyy HH.mm", "Date,tz", "05.11.2026 13.30,CET", "bad_time")]
    [InlineData("dd.MM.yyyy HH.mm", "Date,tz", "05.11.2026 13.30,+01:00", "2026-11-05 12:30:00")]
    [InlineData("excel", "Date,tz", "45981.5,CET", "bad_time")]
    [InlineData("month-first", "Date,Time", "11/05/2026,1:30 PM", "2026-11-05 13:30:00")]
    [InlineData("excel", "Date,Time", "45981,0.5", "2025-11-20 12:00:00")]
    [InlineData("excel", "Date,Time", "45981,12:00", "2025-11-20 12:00:00")]
    [InlineData("excel", "Date,Time", "45981,1.5", "bad_time")]
    public async Task Date_and_clock_follow_the_setting(string format, string header, string cells, string? expected) =>
        await AssertTime(header, cells, expected, new CsvOptions { TimeFormat = format });

    [Theory]
    [InlineData("1900-01-01")]
    [InlineData("1900-01-01T00:00:00Z")]
    [InlineData("1899-12-30")]
    [InlineData("1899-12-31 00:00:00")]
    [InlineData("1601-01-01T00:00:00Z")]
    [InlineData("1753-01-01")]
    [InlineData("1904-01-01")]
    [InlineData("1970-01-01 00:00:00 UTC")]
    [InlineData("01 Jan 1900")]
    [InlineData("1900-01-00")]
    public async Task Zero_time_of_any_program_is_none_and_costs_no_record(string time)
    {
        var result = await Read($"{Header},updated_at\n1,A,a,1,{time}\n");

        Assert.Null(Assert.Single(result.Records).QuotedAt);
        Assert.Equal(["updated_at unusable 1"], result.Drifts);
    }

    private async Task AssertTime(string header, string cells, string? expected, CsvOptions? options = null)
    {
        var result = await Read($"{Header},{header}\n1,A,a,1.5,{cells}\n", options);

        if (string.Equals(expected, "bad_time", StringComparison.Ordinal))
        {
            Assert.Equal(["2:bad_time"], result.Faults);
            return;
        }

        var quoted = Assert.Single(result.Records).QuotedAt;
        Assert.Equal(expected, quoted?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
    }
}
