using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Sources;
using Kasparro.Ingestion.Sources.Csv;

namespace Kasparro.Tests.Unit.Ingestion.Csv;

/// <summary>The forms that a file may have as a whole: compressed, in UTF-16, hidden, or not text at all.</summary>
public sealed class CsvFileFormTests : CsvFiles
{
    [Theory]
    [InlineData("._a.csv")]
    [InlineData(".~lock.a.csv#")]
    [InlineData(".hidden.csv")]
    [InlineData("~$a.csv")]
    [InlineData("__MACOSX/._a.csv")]
    [InlineData(".git/a.csv")]
    public void Hidden_and_lock_files_are_passed_over_unless_they_are_named(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Folder, name))!);
        var hidden = Write(name, "\0\u0005");
        Write("a.csv", $"{Header}\n1,A,a,1\n");

        foreach (var path in new[] { Folder, $"{Folder}/*", $"{Folder}/**/*.csv" })
        {
            var streams = Source(new CsvOptions { Path = path }).GetStreams(Request()).Cast<CsvStream>();
            Assert.Equal(["a.csv"], streams.Select(stream => stream.Title));
        }

        Assert.Single(Source().GetStreams(Request(hidden)));
    }

    [Fact]
    public async Task Compressed_files_are_read_whole_and_continue_where_they_ended()
    {
        var options = new CsvOptions { PageSize = 2_500 };
        var path = Write("a.csv.gz", Compress($"\uFEFF{Header}\n{Rows(0, 30_000)}"));

        var pages = await ReadFile(path, options);
        var rest = await ReadFile(path, options, After(pages[6]));

        Assert.Equal(["a.csv.gz"], Source().GetStreams(Request()).Select(stream => stream.Title));
        Assert.Equal(30_000, pages.Sum(page => page.Records.Count));
        Assert.Equal(pages.Skip(7).Select(page => page.ContentIdentity), rest.Select(page => page.ContentIdentity));
        Assert.Empty(await ReadFile(path, options, After(pages[^1])));
        Assert.InRange(pages[5].Fraction!.Value, 0.3, 0.8);
    }

    [Fact]
    public async Task Tables_side_by_side_are_refused_and_joined_ones_are_read()
    {
        const string Joined = "id,symbol,name,price,id,symbol,name,market_cap";

        var refused = await Assert.ThrowsAsync<SourceException>(
            () => Read("symbol,name,price,,symbol,name,price\nA,a,1,,B,b,2\nC,c,3,,,,\n"));
        await Assert.ThrowsAsync<SourceException>(() => Read("Symbol,Name,Price,Symbol.1,Name.1,Price.1\nA,a,1,B,b,2\n"));
        var joined = await Read($"{Joined}\n1,A,a,1.5,1,A,a,100\n2,B,b,2.5,,,,\n");

        Assert.Contains("two tables side by side", refused.Message, StringComparison.Ordinal);
        Assert.Equal([100, null], joined.Records.Select(record => record.MarketCapUsd));
    }

    /// <summary>Tables as consoles print them, and InfluxDB's annotations.</summary>
    [Theory]
    [InlineData("+---+---+-----+\n| symbol | name | price |\n+---+---+-----+\n| A | a | 1.5 |\n| B | b | 2 |\n+---+---+-----+\n")]
    [InlineData(" symbol | name | price\n--------+------+------\n A | a | 1.5\n B | b | 2\n")]
    [InlineData("| symbol | name | price |\n|:---|---|---:|\n| A | a | 1.5 |\n| B | b | 2 |\n")]
    [InlineData(
        "#group,false,false,true\n#datatype,string,string,double\n#default,_result,,\n,symbol,name,price\n,A,a,1.5\n\n"
        + "\"#group\",false,false,true\n#datatype,string,string,double\n#default,_result,,\n,symbol,name,price\n,B,b,2\n")]
    public async Task Lines_and_annotations_are_no_rows(string text)
    {
        var result = await Read(text);

        Assert.Equal([("A", 1.5), ("B", 2)], result.Records.Select(record => (record.Symbol, record.PriceUsd!.Value)));
        Assert.Empty(result.Rejections);
    }

    [Fact]
    public async Task Compressed_files_may_have_several_parts()
    {
        var path = Write("a.csv.gz", [.. Compress($"{Header}\n{Rows(0, 2)}"), .. Compress(Rows(2, 1))]);

        Assert.Equal(["id0", "id1", "id2"], new CsvResult(await ReadFile(path)).Ids);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    public async Task Plain_text_is_read_when_its_name_says_that_it_is_compressed(string mark)
    {
        var path = Write("a.csv.gz", $"{mark}{Header}\n{Rows(0, 3)}");

        var pages = await ReadFile(path);

        Assert.Equal(["id0", "id1", "id2"], new CsvResult(pages).Ids);
        Assert.Empty(await ReadFile(path, from: After(pages[^1])));
    }

    [Fact]
    public async Task Compressed_utf16_is_read() =>
        Assert.Equal(
            ["1"], new CsvResult(await ReadFile(Write("a.csv.gz", Compress($"{Header}\n1,A,\u0416,1\n", Encoding.Unicode)))).Ids);

    [Theory]
    [InlineData("a.csv", "is compressed (gzip), and its name does not end in .gz", false)]
    [InlineData("a.csv.gz", "cannot be read", true)]
    public async Task Reading_fails_with_the_cause_when_compression_is_not_what_it_seems(string name, string cause, bool cut)
    {
        var bytes = Compress($"{Header}\n{Rows(0, 30_000)}");
        var path = Write(name, cut ? bytes[..(bytes.Length / 2)] : bytes);

        var error = await Assert.ThrowsAsync<SourceException>(() => ReadFile(path));

        Assert.Contains(cause, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PK\u0003\u0004", "a spreadsheet")]
    [InlineData("PK\u0005\u0006", "a ZIP archive")]
    [InlineData("PAR1", "Parquet")]
    [InlineData("BZh9", "bzip2")]
    [InlineData("%PDF-1.7", "a PDF")]
    [InlineData("SQLite format 3\0", "SQLite")]
    [InlineData("[{\"", "JSON")]
    [InlineData("{\"error\": \"", "JSON")]
    [InlineData("{\n  \"error\": \"", "JSON")]
    [InlineData("<!DOCTYPE html>", "a web page")]
    [InlineData("<html><!--", "a web page")]
    [InlineData("<?xml version='1.0'?>", "XML")]
    public async Task Reading_fails_with_the_cause_when_the_file_is_no_csv(string start, string cause)
    {
        var error = await Assert.ThrowsAsync<SourceException>(() => Read($"{start}id,symbol,name\n1,A,a\n"));

        Assert.Contains(cause, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compressed_files_may_have_a_line_break_behind_them() =>
        Assert.Equal(["id0"], new CsvResult(await ReadFile(Write("a.csv.gz", [.. Compress($"{Header}\n{Rows(0, 1)}"), 10]))).Ids);

    [Theory]
    [InlineData(1)]
    [InlineData(512)]
    [InlineData(10_240)]
    public async Task Compressed_files_may_be_filled_with_zeros_up_to_a_block(int zeros)
    {
        var path = Write("a.csv.gz", [.. Compress($"{Header}\n{Rows(0, 3)}"), .. new byte[zeros]]);

        Assert.Equal(["id0", "id1", "id2"], new CsvResult(await ReadFile(path)).Ids);
    }

    [Fact]
    public async Task Reading_fails_with_the_cause_when_compressed_data_are_no_text_or_damaged()
    {
        var text = Compress($"{Header}\n{Rows(0, 3_000)}");
        var damaged = (byte[])text.Clone();
        damaged[^6] ^= 0xFF; // The checksum.

        async Task<string> Fail(byte[] bytes) =>
            (await Assert.ThrowsAsync<SourceException>(() => ReadFile(Write("a.csv.gz", bytes)))).Message;

        Assert.Contains("but compressed once more", await Fail(Compress(text)), StringComparison.Ordinal);
        Assert.Contains("but a ZIP archive", await Fail(Compress("PK\u0003\u0004")), StringComparison.Ordinal);
        Assert.Contains("its compressed data are damaged", await Fail(damaged), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\u001A")]
    [InlineData("\0\0\0\0")]
    [InlineData("\u001A\0\0\r\n")]
    public async Task Filling_at_the_end_is_no_row(string end)
    {
        var result = await Read($"{Header}\r\n1,A,a,1\r\n{end}");

        Assert.Equal(["1"], result.Ids);
        Assert.Empty(result.Faults);
    }

    [Fact]
    public async Task Utf16_is_read_with_a_mark_and_refused_by_name_without()
    {
        const string Text = "id\tsymbol\tname\tprice_usd\nk4\tOK4\tÉmile Coin\t1.5\n";

        var marked = await Read([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Text)]);
        var error = await Assert.ThrowsAsync<SourceException>(() => Read(Encoding.Unicode.GetBytes(Text)));

        Assert.Equal("Émile Coin", Assert.Single(marked.Records).Name);
        Assert.Contains("UTF-16", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pipe_is_refused_and_not_waited_for(bool isLinked)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It is made by mkfifo.");
        var path = Path.Combine(Folder, "pipe.csv");
        Assert.Equal(0, MakePipe(isLinked ? path + ".pipe" : path, Convert.ToUInt32("600", 8)));
        if (isLinked)
        {
            File.CreateSymbolicLink(path, path + ".pipe");
        }

        var stream = Assert.Single(await Task.Run(() => Source().GetStreams(Request())).WaitAsync(TimeSpan.FromSeconds(30), Cancellation));
        var error = await Assert.ThrowsAsync<SourceException>(() => Pages(stream, ResumePoint.Start));

        Assert.Equal("pipe.csv is empty, a pipe or a device: it has no header.", error.Message);
    }

    [DllImport("libc", EntryPoint = "mkfifo", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int MakePipe(string path, uint mode);

    private static byte[] Compress(string text, Encoding? encoding = null)
    {
        encoding ??= new UTF8Encoding(false);
        return Compress([.. encoding.GetPreamble(), .. encoding.GetBytes(text)]);
    }

    private static byte[] Compress(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return compressed.ToArray();
    }
}
