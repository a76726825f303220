using System.Text;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Sources.Csv;

namespace Kasparro.Tests.Unit.Ingestion.Csv;

public sealed class CsvResumeTests : CsvFiles
{
    private static CsvOptions Small => new() { PageSize = 10 };

    [Theory]
    [InlineData("\n", null)]
    [InlineData("\r\n", null)]
    [InlineData("\r", null)]
    [InlineData("\n", "utf-16")]
    [InlineData("\r\n", "utf-16BE")]
    public async Task Resumed_reading_gives_the_remaining_pages_when_stopped_after_any_page(string lineBreak, string? encoding)
    {
        var rows = $"{Header}\n\n{Rows(0, 12)}bad\nq,Q,\"q,1\nm,M,\"m\n\nm\",1\n{Rows(12, 15)}\n\n{Rows(27, 8)}"
            .Replace("\n", lineBreak, StringComparison.Ordinal);
        var path = Write("a.csv", Encode(rows, encoding));
        var all = await ReadFile(path, Small);
        Assert.Equal(4, all.Count);

        for (var i = 0; i < all.Count; i++)
        {
            var rest = await ReadFile(path, Small, After(all[i]));

            Assert.Equal(all.Skip(i + 1).Select(Describe).ToArray(), rest.Select(Describe).ToArray());
        }
    }

    [Fact]
    public async Task Resumed_reading_gives_the_remaining_pages_when_the_file_is_larger_than_the_window()
    {
        var path = Write("a.csv", $"{Header}\n{Rows(0, 60_000)}");
        var all = await ReadFile(path);
        Assert.Equal(12, all.Count);

        var rest = await ReadFile(path, from: After(all[6]));

        Assert.Equal(all.Skip(7).Select(Describe).ToArray(), rest.Select(Describe).ToArray());
    }

    [Theory]
    [InlineData(25, "")]
    [InlineData(20, "")]
    [InlineData(25, "\n\n")]
    [InlineData(24, "id,S,n,1")]
    [InlineData(19, "id,S,n,1")]
    [InlineData(9, "x,\"")]
    [InlineData(3, "x,\"\n1\n\n")]
    public async Task Complete_file_gives_no_pages_when_it_is_unchanged(int rows, string end)
    {
        var path = Write("a.csv", $"{Header}\n{Rows(0, rows)}{end}");
        var all = await ReadFile(path, Small);

        Assert.Empty(await ReadFile(path, Small, After(all[^1])));
    }

    [Theory]
    [InlineData("", 25)]
    [InlineData("\n", 25)] // A last row without a line break is read again once the file has grown.
    public async Task Reading_goes_on_when_rows_were_appended(string cut, int records)
    {
        var text = $"{Header}\n{Rows(0, 25)}";
        var path = Write("a.csv", text[..^cut.Length]);
        var last = (await ReadFile(path, Small))[^1];
        File.AppendAllText(path, $"{cut}{Rows(25, 12)}");

        var more = await ReadFile(path, Small, After(last));

        var again = cut.Length;
        Assert.Equal(Enumerable.Range(records - again, 12 + again).Select(i => $"id{i}").ToArray(), new CsvResult(more).Ids);
        Assert.Equal([3, 4], more.Select(page => page.Number).ToArray());
        Assert.Equal(37, more[^1].RecordsThrough);
        Assert.Empty(await ReadFile(path, Small, After(more[^1])));
    }

    [Theory]
    [InlineData("id9,S9,Na", "me 9,9\nid10,S10,n,1\n", "id9 id10")]
    [InlineData("id9,S9,\"Na", "me 9\",9\nid10,S10,n,1\n", "id9 id10")]
    [InlineData("id9,S9,\"Na\n", "me 9\",9\nid10,S10,n,1\n", "id9 id10")]
    [InlineData("id9,S9,Name 9,1", "5\r\nid10,S10,n,1\n", "id9 id10")]
    [InlineData("id9,S9,Name 9,1\r", "\nid10,S10,n,1\n", "id10")]
    public async Task Row_is_read_whole_when_the_file_was_read_while_it_was_being_written(string first, string second, string ids)
    {
        var path = Write("a.csv", $"{Header}\n{Rows(0, 9)}{first}");
        var last = (await ReadFile(path, Small))[^1];
        File.AppendAllText(path, second);

        var more = new CsvResult(await ReadFile(path, Small, After(last)));

        Assert.Equal(ids, string.Join(' ', more.Ids));
        Assert.Empty(more.Rejections);
        Assert.Equal(11, more.Pages[^1].RecordsThrough);
    }

    [Fact]
    public async Task Lines_are_counted_from_the_files_start_when_reading_goes_on()
    {
        var path = Write("a.csv", $"{Header}\n1,A,\"a\n\na\",1\n\n");
        var last = (await ReadFile(path))[^1];
        File.AppendAllText(path, "\n2,B,b,x\n");

        Assert.Equal(["7:bad_number"], new CsvResult(await ReadFile(path, from: After(last))).Faults);
    }

    [Fact]
    public async Task Reading_starts_over_when_what_was_read_has_been_edited()
    {
        var text = $"{Header}\n{Rows(0, 25)}";
        foreach (var edited in new[]
        {
            text.Replace("id3,", "ix3,", StringComparison.Ordinal),
            text[..^2] + "6\n", // The last figure of the last row.
            text[..^1] + "5\n", // More digits where the line ended.
            text[..^30] + "\n",
            "\n" + text,
            text.Replace(Header, "id,symbol,name,price", StringComparison.Ordinal) + "x",
            text.Replace(Header, "id,symbol,name,cap", StringComparison.Ordinal),
        })
        {
            var last = (await ReadFile(Write("a.csv", text), Small))[^1];

            var pages = await ReadFile(Write("a.csv", edited), Small, After(last));

            Assert.Equal(0, pages[0].Number);
            Assert.Equal(10, pages[0].RecordsThrough);
        }
    }

    [Fact]
    public async Task Reading_starts_over_when_settings_read_the_rows_in_another_way()
    {
        var path = Write("a.csv", $"{Header}\n{Rows(0, 25)}");
        var last = (await ReadFile(path, Small))[^1];

        var pages = await ReadFile(path, new CsvOptions { HeaderAliases = { ["rank"] = ["price_usd"] } }, After(last));
        var same = await ReadFile(path, new CsvOptions { PageSize = 3 }, After(last));

        Assert.Equal(0, Assert.Single(pages).Number);
        Assert.Empty(same);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("W/\"etag\"")]
    [InlineData("csv1:-5:2:00:00:0:0:")]
    [InlineData("csv1:99999999999:2:00:00:0:0:")]
    public async Task Reading_starts_over_when_the_checkpoint_is_of_something_else(string? identity)
    {
        var path = Write("a.csv", $"{Header}\n{Rows(0, 25)}");

        var pages = await ReadFile(path, Small, new ResumePoint(7, 70, identity));

        Assert.Equal([0, 1, 2], pages.Select(page => page.Number).ToArray());
    }

    [Fact]
    public async Task Unfinished_line_is_not_taken_for_a_row_when_it_was_longer_than_the_window()
    {
        var path = Write("a.csv", $"{Header}\n1,A,a,1\n{new string('x', 700_000)}");
        var last = (await ReadFile(path))[^1];
        Assert.Empty(await ReadFile(path, from: After(last)));
        File.AppendAllText(path, ",A,a,1\n3,C,c,3\n");

        var pages = await ReadFile(path, from: After(last));

        Assert.Equal(["1", "3"], new CsvResult(pages).Ids);
        Assert.Equal(0, pages[0].Number);
    }

    [Fact]
    public void Bookmark_is_the_same_when_written_and_parsed()
    {
        var bookmark = new CsvBookmark(12, 3, "ab", "cd", 4, 5, "ef");

        Assert.True(CsvBookmark.TryParse(bookmark.ToString(), out var parsed));
        Assert.Equal(bookmark, parsed);
    }

    private static byte[] Encode(string text, string? name)
    {
        var encoding = name is null ? new UTF8Encoding(false) : Encoding.GetEncoding(name);
        return [.. encoding.GetPreamble(), .. encoding.GetBytes(text)];
    }

    private static string Describe(SourcePage page) =>
        $"{page.Number} {page.RecordsThrough} {page.ContentIdentity} {string.Join(' ', page.Records.Select(r => r.ExternalId))} "
        + string.Join(' ', page.Rejections);
}
