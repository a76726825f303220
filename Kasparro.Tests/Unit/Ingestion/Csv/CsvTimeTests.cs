using System.Globalization;
using System.Text;
using Kasparro.Ingestion.Sources.Csv;

namespace Kasparro.Tests.Unit.Ingestion.Csv;

public sealed class CsvTimeTests
{
    /// <summary>Cells with their times when nothing is configured; null if the cell is rejected.</summary>
    public static TheoryData<TimeCase> Cells => new((TimeCase[])
    [
        new("2026-11-20T12:00:00Z", "2026-11-20T12:00:00Z"),
        new("2026-11-20t12:00:00z", "2026-11-20T12:00:00Z"),
        new("2026-11-20T14:00:00+02:00", "2026-11-20T12:00:00Z"),
        new("2026-11-20 14:00:00 +0200", "2026-11-20T12:00:00Z"),
        new("2026-11-20T14:00+02", "2026-11-20T12:00:00Z"),
        new("2026-11-20T12:00:00.123456789Z", "2026-11-20T12:00:00.1234567Z"),
        new("2026-11-20T12:00:00,5Z", "2026-11-20T12:00:00.5Z"),
        new("2026-11-20 12:00:00", "2026-11-20T12:00:00Z"),
        new("2026-11-20 12:00", "2026-11-20T12:00:00Z"),
        new("2026-11-20", "2026-11-20T00:00:00Z"),
        new("2026-11-20Z", "2026-11-20T00:00:00Z"),
        new("2026-11-20 00:00:00 UTC", "2026-11-20T00:00:00Z"),
        new("2026-11-20 00:00:00 GMT", "2026-11-20T00:00:00Z"),
        new("2026-11-20 00:00:00UTC", "2026-11-20T00:00:00Z"),
        new("2026-11-20 00:00:00+00:00", "2026-11-20T00:00:00Z"),
        new("2026-11-20 02:00:00 UTC+2", "2026-11-20T00:00:00Z"),
        new("2026-11-20T00:00:00Z[UTC]", "2026-11-20T00:00:00Z"),
        new("2026/11/20 9:30", "2026-11-20T09:30:00Z"),
        new("2026-11-20 09:30:15 PM", "2026-11-20T21:30:15Z"),
        new("2026-11-20 12:05 am", "2026-11-20T00:05:00Z"),
        new("20261120", "2026-11-20T00:00:00Z"),
        new("20261120T123000Z", "2026-11-20T12:30:00Z"),
        new("Nov 20, 2026", "2026-11-20T00:00:00Z"),
        new("20 November 2026 12:30", "2026-11-20T12:30:00Z"),
        new("20-Nov-2026", "2026-11-20T00:00:00Z"),
        new("Fri, 20 Nov 2026 12:30:00 GMT", "2026-11-20T12:30:00Z"),
        new("=\"2026-11-20\"", "2026-11-20T00:00:00Z"),
        new("1763640000", "2025-11-20T12:00:00Z"),
        new("1763640000000", "2025-11-20T12:00:00Z"),
        new("1763640000000000", "2025-11-20T12:00:00Z"),
        new("1763640000000000000", "2025-11-20T12:00:00Z"),
        new("1763640000.0", "2025-11-20T12:00:00Z"),
        new("1763640000.25", "2025-11-20T12:00:00.25Z"),
        new("1763640000000.5", "2025-11-20T12:00:00.0005Z"),
        new("2026-11-20 12:00:00 +0000 UTC", "2026-11-20T12:00:00Z"),
        new("2026-11-20 12:00:00.5 +0100 CET", "2026-11-20T11:00:00.5Z"),
        new("2026-11-20T12:00:00+01:00[Europe/Berlin]", "2026-11-20T11:00:00Z"),
        new("2026-11-20T12:00:00+00:00[UTC]", "2026-11-20T12:00:00Z"),
        new("2026-11-20T12:00:00Z[Europe/London]", "2026-11-20T12:00:00Z"),
        new("Fri, 20 Nov 2026 12:30:00 +0000", "2026-11-20T12:30:00Z"),
        new("Fri, 20 Nov 2026 12:30:00 -0500", "2026-11-20T17:30:00Z"),
        new("Fri, 20 Nov 2026 12:30:00 +0100 (CET)", "2026-11-20T11:30:00Z"),
        new("Friday, November 20, 2026", "2026-11-20T00:00:00Z"),
        new("Friday, 20 November 2026 12:30", "2026-11-20T12:30:00Z"),
        new("November 20th, 2026 at 9:30 PM", "2026-11-20T21:30:00Z"),
        new("Nov. 20, 2026, 9:30:15\u202FPM", "2026-11-20T21:30:15Z"),
        new("Sept 1, 2026", "2026-09-01T00:00:00Z"),
        new("2026-Nov-20", "2026-11-20T00:00:00Z"),
        new("2026 November 20 12:30", "2026-11-20T12:30:00Z"),
        new("20-Nov-26", "2026-11-20T00:00:00Z"),
        new("20 Nov 26 12:30", "2026-11-20T12:30:00Z"),
        new("20/Nov/2026", "2026-11-20T00:00:00Z"),
        new("20/Nov/2026:12:30:00 +0000", "2026-11-20T12:30:00Z"),
        new("20-NOV-2026 12:30:00", "2026-11-20T12:30:00Z"),
        new("Fri Nov 20 2026 12:30:00 GMT+0000 (Coordinated Universal Time)", "2026-11-20T12:30:00Z"),
        new("Fri Nov 20 2026 12:30:00 GMT+0100 (Central European Standard Time)", "2026-11-20T11:30:00Z"),
        new("Fri Nov 20 12:30:00 2026", "2026-11-20T12:30:00Z"),
        new("Fri Nov 20 12:30:00 UTC 2026", "2026-11-20T12:30:00Z"),
        new("20261120120000", "2026-11-20T12:00:00Z"),
        new("2026-11-20-12.30.15.123456", "2026-11-20T12:30:15.123456Z"), // Db2
        new("202611201200", "2026-11-20T12:00:00Z"),
        new("1763640000,0", "2025-11-20T12:00:00Z"),
        new("1763640000,25", "2025-11-20T12:00:00.25Z"),
        new("2026-11-20\u00A012:00", "2026-11-20T12:00:00Z"),
        new("2026-11-20T24:00:00Z", "2026-11-21T00:00:00Z"),
        new("2026-11-20 24:00", "2026-11-21T00:00:00Z"),
        new("2026-12-31T23:59:60Z", "2027-01-01T00:00:00Z"),
        new("2026-11-20 9 PM", "2026-11-20T21:00:00Z"),
        new("2026-11-20 12am", "2026-11-20T00:00:00Z"),
        new("Nov 20, 2026 9 PM", "2026-11-20T21:00:00Z"),
        new("2026-11-20, 12:00:00", "2026-11-20T12:00:00Z"),
        new("2026-11-20T12Z", "2026-11-20T12:00:00Z"),
        new("2026. 11. 20.", "2026-11-20T00:00:00Z"),
        new("2026. 1. 5. 12:30", "2026-01-05T12:30:00Z"),
        new("2026.11.20 12:30", "2026-11-20T12:30:00Z"),
        new("2026\u5E7411\u670820\u65E5", "2026-11-20T00:00:00Z"),
        new("2026\u5E741\u67085\u65E5 12:30", "2026-01-05T12:30:00Z"),
        new("2026\u201311\u201320", "2026-11-20T00:00:00Z"),
        new("2026\u201111\u201120 12:30", "2026-11-20T12:30:00Z"),
        new("\uFF12\uFF10\uFF12\uFF16-11-20", "2026-11-20T00:00:00Z"),
        new("\u202D2026-11-20\u202C", "2026-11-20T00:00:00Z"),
        new("2026-11-20 12.30", "2026-11-20T12:30:00Z"),
        new("2026-11-20, 9:30:15 p.m.", "2026-11-20T21:30:15Z"), // Canada.
        new("2026-11-20 12:30:00.000 Etc/UTC", "2026-11-20T12:30:00Z"),
        new("20-NOV-26 09.30.15.250000000 PM", "2026-11-20T21:30:15.25Z"), // Oracle.
        new("20-NOV-26 12.30.00.000000 PM +02:00", "2026-11-20T10:30:00Z"),
        new("20NOV26:12:30:15", "2026-11-20T12:30:15Z"), // SAS.
        new("Nov 20, 2026 @ 12:30:00.000", "2026-11-20T12:30:00Z"), // Kibana.
        new("20 Nov 12:30:15", null, "Sources:Csv:TimeFormat"),
        new("2026-11-20 12.3", null, "no such day"),
        new("2026- 11- 20", null, "no such day"),
        new("2026-11-20T12", null, "no such day"),
        new("2026-11-20 24:01", null, "no such day"),
        new("2026-11-20 23:58:60", null, "no such day"),
        new("2026-11-20 13 PM", null, "no such day"),
        new("2026-13-01", null, "no such day"),
        new("20", null, "a day of a month"),
        new("Thu, 20 Nov 2026", null, "Sources:Csv:TimeFormat"), // It is a Friday.
        new("Nov 20", null, "Sources:Csv:TimeFormat"),
        new("Nov 2026", null, "Sources:Csv:TimeFormat"),
        new("31 Nov 2026", null, "Sources:Csv:TimeFormat"),
        new("20 Nov 2026 12:30 EST", null, "Sources:Csv:TimeFormat"),
        new("Nov 20, 2026 and later", null, "Sources:Csv:TimeFormat"),
        new("2026-11-20T12:00:00[Europe/Berlin]", null, "Sources:Csv:TimeFormat"),
        new("2026-11-20 12:00:00 +0100 UTC", null, "Sources:Csv:TimeFormat"),
        new("20261120126000", null),
        new("1,763,640,000", null),
        new("45981,5", null, "excel"),
        new("05/11/2026 10:30", null, "day-first"),
        new("20/11/2026", null, "day-first"),
        new("05.11.2026", null, "day-first"),
        new("5-11-26", null, "day-first"),
        new("11/20/2026 9:30 PM", null, "month-first"),
        new("10:30", null, "Sources:Csv:TimeFormat"),
        new("2026-11-20 09-AM", null, "Sources:Csv:TimeFormat"),
        new("2026-11", null, "Sources:Csv:TimeFormat"),
        new("2026-02-30", null, "no such day"),
        new("2026-11-20 25:00", null, "Sources:Csv:TimeFormat"),
        new("2026-11-20 12:00 EST", null, "Sources:Csv:TimeFormat"),
        new("yesterday", null, "Sources:Csv:TimeFormat"),
        new("1.76364E+12", null, "export the column as text"),
        new("45981.5", null, "excel"),
        new("45981", null, "excel"),
        new("17636400001", null, "digits"),
        new("-1763640000", null, "digits"),
    ]);

    /// <summary>Cells with their times when a setting defines how times are written.</summary>
    public static TheoryData<FormatCase> Formats => new((FormatCase[])
    [
        new("day-first", "05/11/2026 10:30", "2026-11-05T10:30:00Z"),
        new("day-first", "20/11/2026 10:30:15", "2026-11-20T10:30:15Z"),
        new("day-first", "5.11.2026", "2026-11-05T00:00:00Z"),
        new("day-first", "05.11.2026, 10:30 UTC", "2026-11-05T10:30:00Z"),
        new("day-first", "5-11-2026 9:30 PM", "2026-11-05T21:30:00Z"),
        new("day-first", "2026-11-05", "2026-11-05T00:00:00Z"),
        new("day-first", "1763640000", "2025-11-20T12:00:00Z"),
        new("day-first", "11/20/2026", null),
        new("day-first", "20\u201311\u20132026", "2026-11-20T00:00:00Z"),
        new("yyyy\u5E74M\u6708d\u65E5", "2026\u5E7411\u670820\u65E5", "2026-11-20T00:00:00Z"),
        new("day-first", "05/11/2026 10:30 +0200", "2026-11-05T08:30:00Z"),
        new("day-first", "05/11/26", "2026-11-05T00:00:00Z"),
        new("day-first", "5/11-2026", "2026-11-05T00:00:00Z"), // Denmark.
        new("day-first", "20. 11. 2026 12:30", "2026-11-20T12:30:00Z"),
        new("day-first", "20.11.2026. 12:30", "2026-11-20T12:30:00Z"),
        new("day-first", "20/11/2026 9:30:15 p. m.", "2026-11-20T21:30:15Z"),
        new("day-first", "20.11.2026 12.30", "2026-11-20T12:30:00Z"),
        new("day-first", "20.11.12:30:15", null),
        new("day-first", "20.11. 12:30", null),
        new("day-first", "05/11/2026 25:00", null),
        new("month-first", "11/05/2026", "2026-11-05T00:00:00Z"),
        new("month-first", "11/5/2026 9:30 PM", "2026-11-05T21:30:00Z"),
        new("month-first", "20/11/2026", null),
        new("excel", "45981.5", "2025-11-20T12:00:00Z"),
        new("excel", "45981", "2025-11-20T00:00:00Z"),
        new("excel", "45981,5", "2025-11-20T12:00:00Z"),
        new("excel", "45981,123", "2025-11-20T02:57:07.2Z"),
        new("excel", "1763640000", "2025-11-20T12:00:00Z"),
        new("yyyy-MM-dd hh-tt", "2026-11-20 09-AM", "2026-11-20T09:00:00Z"),
        new("dd.MM.yyyy HH:mm zzz", "20.11.2026 12:00 +02:00", "2026-11-20T10:00:00Z"),
    ]);

    [Theory]
    [MemberData(nameof(Cells))]
    public void Read_takes_what_means_one_time_and_names_the_setting_for_the_rest(TimeCase @case)
    {
        var hint = new CsvTime(null).Read(Encoding.UTF8.GetBytes(@case.Text), out var time);

        Assert.Equal(@case.Time, Format(time));
        Assert.Equal(@case.Time is null, hint is not null);
        Assert.Contains(@case.Hint ?? "", hint ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Read_follows_the_setting_when_there_is_one(FormatCase @case)
    {
        Assert.True(CsvTime.IsFormat(@case.Format));

        new CsvTime(@case.Format).Read(Encoding.UTF8.GetBytes(@case.Text), out var time);

        Assert.Equal(@case.Time, Format(time));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("N/A")]
    [InlineData("null")]
    [InlineData("NaT")]
    [InlineData("#VALUE!")]
    [InlineData("\\N")]
    public void Read_finds_no_time_when_a_cell_says_that_none_is_known(string text)
    {
        Assert.Null(new CsvTime(null).Read(Encoding.UTF8.GetBytes(text), out var time));
        Assert.Null(time);
    }

    [Fact]
    public void Read_finds_no_time_for_every_word_that_says_so()
    {
        foreach (var word in CsvCell.NullWords)
        {
            Assert.Null(new CsvTime(null).Read(Encoding.UTF8.GetBytes(word), out var time));
            Assert.Null(time);
        }
    }

    [Fact]
    public void Read_does_not_ask_the_culture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            foreach (var culture in new[] { "en-US", "de-DE", "ar-SA", "th-TH", "fa-IR" })
            {
                CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
                Assert.NotNull(new CsvTime(null).Read("05/11/2026"u8, out _));
                Assert.Null(new CsvTime("day-first").Read("05/11/2026 10:30"u8, out var time));
                Assert.Equal("2026-11-05T10:30:00Z", Format(time));
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("HH:mm")]
    [InlineData("yyyy")]
    [InlineData("klingon")]
    [InlineData("yyyy-MM-dd '")]
    public void IsFormat_refuses_what_gives_no_date(string format) => Assert.False(CsvTime.IsFormat(format));

    private static string? Format(DateTimeOffset? time) => time?.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    public sealed record TimeCase(string Text, string? Time, string? Hint = null)
    {
        public override string ToString() => Text;
    }

    public sealed record FormatCase(string Format, string Text, string? Time)
    {
        public override string ToString() => $"{Text} ({Format})";
    }
}
