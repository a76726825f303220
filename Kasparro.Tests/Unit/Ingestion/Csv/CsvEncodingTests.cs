using System.Text;
using Kasparro.Ingestion.Sources.Csv;

namespace Kasparro.Tests.Unit.Ingestion.Csv;

public sealed class CsvEncodingTests : CsvFiles
{
    private const string Text = "id,symbol,name\nb\u00FCrger,\u20BF,\U0001F680 \u4E2D\n2,B,b\n";

    public static TheoryData<string, bool> Encodings => new()
    {
        { "utf-8", true },
        { "utf-8", false },
        { "utf-16", true },
        { "utf-16BE", true },
        { "utf-32", true },
        { "utf-32BE", true },
        { "utf-16", false },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task Text_is_read_when_a_mark_or_the_setting_tells_its_encoding(string name, bool marked)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] bytes = [.. marked ? encoding.GetPreamble() : [], .. encoding.GetBytes(Text)];

        var result = await Read(bytes, new CsvOptions { Encoding = marked ? null : name });

        Assert.Equal(["b\u00FCrger", "2"], result.Ids);
        Assert.Equal("\U0001F680 \u4E2D", result.Records[0].Name);
    }

    [Fact]
    public async Task Byte_order_mark_goes_before_the_setting_when_they_differ()
    {
        byte[] bytes = [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Text)];

        var result = await Read(bytes, new CsvOptions { Encoding = "windows-1252" });

        Assert.Equal(2, result.Records.Count);
    }

    [Fact]
    public async Task Legacy_encoding_is_read_when_it_is_set()
    {
        byte[] bytes = [.. "id,symbol,name\n1,E,M"u8, 0xFC, .. "nze "u8, 0x80, .. "\n"u8];

        var result = await Read(bytes, new CsvOptions { Encoding = "windows-1252" });

        Assert.Equal("Münze €", Assert.Single(result.Records).Name);
    }

    [Fact]
    public async Task Only_their_rows_are_rejected_when_utf16_has_half_pairs()
    {
        var text = "\uFEFFid,symbol,name\n1,A,\uD83D\n2,B,\uDE80b\n3,C,\U0001F680\n4,D,\uFFFD\n";
        var bytes = text.SelectMany(c => new[] { (byte)c, (byte)(c >> 8) }).Append((byte)'x').ToArray();

        var result = await Read(bytes);

        Assert.Equal(["3", "4"], result.Ids);
        Assert.Equal(["2:invalid_text", "3:invalid_text", "6:malformed_row"], result.Faults);
        Assert.Contains("Sources:Csv:Encoding", result.Rejections[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Large_utf16_is_read_whole_when_characters_fall_on_every_boundary()
    {
        var text = new StringBuilder("id,symbol,name\n");
        for (var i = 0; i < 50_000; i++)
        {
            text.Append(i).Append(",S,").Append("\U0001F680\u4E2D\u00E9x"[..(i % 3 == 0 ? 2 : 5)]).Append('\n');
        }

        var result = await Read([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(text.ToString())]);

        Assert.Empty(result.Rejections);
        Assert.Equal(Enumerable.Range(0, 50_000).Select(i => $"{i}").ToArray(), result.Ids);
        Assert.All(result.Records, (record, i) => Assert.Equal("\U0001F680\u4E2D\u00E9x"[..(i % 3 == 0 ? 2 : 5)], record.Name));
    }
}
