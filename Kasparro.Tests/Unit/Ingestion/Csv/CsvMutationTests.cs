using System.Text;
using System.Text.Json;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Sources.Csv;

namespace Kasparro.Tests.Unit.Ingestion.Csv;

public sealed class CsvMutationTests : CsvFiles
{
    private const int Batches = 20;
    private const int RowsPerBatch = 100;

    /// <summary>The number of rows of a file that is larger than the window (512 KiB), so that pages end in several windows.</summary>
    private const int RowsOfFile = 25_000;

    private static readonly string[] Inserts =
    [
        "\"", "\"\"", ",", ";", "\t", "|", "\0", "\n", "\r", "\r\n",
        "1e999", "-1", "NaN", "\uFEFF", "\u2028", " ", "\\", "'", "0x1F", "\U0001F680",
    ];

    /// <summary>Mutations without line breaks and quotes, so that each line remains a row and is either a record or a rejection.</summary>
    [Fact]
    public async Task Records_and_rejections_add_up_to_the_lines_when_rows_are_mutated_within_their_lines()
    {
        var random = new Random(20_261_121);
        for (var batch = 0; batch < Batches; batch++)
        {
            var lines = Enumerable.Range(0, RowsPerBatch).Select(i => Mutate(random, Row(i), keepsLines: true)).ToList();
            var result = await Read([.. Encoding.UTF8.GetBytes($"{Header}\n"), .. lines.SelectMany(line => line.Append((byte)'\n'))]);

            // A row without letters and digits has no data.
            var rows = lines.Count(line => line.Any(b => b > 0x7F || char.IsAsciiLetterOrDigit((char)b)));
            Assert.Equal(rows, result.Records.Count + result.Rejections.Count);
            AssertSane(result, RowsPerBatch + 1);
        }
    }

    /// <summary>
    /// All mutations. A row may then span lines, but none is lost: what cannot be read is rejected, in order, and reading ends.
    /// </summary>
    [Fact]
    public async Task Reading_ends_and_lines_rise_when_rows_are_mutated_in_any_way()
    {
        var random = new Random(4_711);
        for (var batch = 0; batch < Batches; batch++)
        {
            byte[] text =
            [
                .. Encoding.UTF8.GetBytes($"{Header}\n"),
                .. Enumerable.Range(0, RowsPerBatch).SelectMany(i => Mutate(random, Row(i), keepsLines: false).Append((byte)'\n')),
            ];
            var result = await Read(text);

            AssertSane(result, CsvRows.LineBreaks(text));
            await AssertResumes(text, random.Next(1, 40));
        }
    }

    /// <summary>
    /// Files of several windows, with many and with few faults; rows are short and so is their limit, so that open quotes reach it.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(50)]
    [InlineData(2_000)]
    public async Task Rows_are_the_same_when_the_window_falls_elsewhere(int rowsPerMutation)
    {
        var random = new Random(rowsPerMutation);
        byte[] text =
        [
            .. Encoding.UTF8.GetBytes($"{Header}\n"),
            .. Enumerable.Range(0, RowsOfFile).SelectMany(i =>
                (i % rowsPerMutation == 0 ? Mutate(random, Row(i), keepsLines: false) : Encoding.UTF8.GetBytes(Row(i))).Append((byte)'\n')),
        ];

        await AssertResumes(text, 3_777, maxRowBytes: 1_024);
    }

    /// <summary>The window's size must not affect the rows: a resumed reading sees what an uninterrupted one does.</summary>
    private async Task AssertResumes(byte[] text, int pageSize, int maxRowBytes = 65_536)
    {
        var options = new CsvOptions { PageSize = pageSize, MaxRowBytes = maxRowBytes };
        var path = Write("resumed.csv", text);
        var whole = await ReadFile(path, options);
        var from = ResumePoint.Start;
        foreach (var expected in whole)
        {
            var page = await ReadFirst(path, options, from);
            Assert.Equal((expected.Number, Describe(expected)), (page.Number, Describe(page)));
            from = After(page);
        }

        Assert.Empty(await ReadFile(path, options, from));
    }

    private static void AssertSane(CsvResult result, int lines)
    {
        foreach (var page in result.Pages)
        {
            Assert.All(page.Rejections.Zip(page.Rejections.Skip(1)), pair => Assert.True(pair.First.Position < pair.Second.Position));
        }

        Assert.All(result.Rejections, rejection =>
        {
            Assert.InRange(rejection.Position, 2, lines);
            Assert.NotEmpty(rejection.Detail);
            Assert.DoesNotContain('\0', rejection.Payload);
        });
        Assert.All(result.Records, record =>
        {
            using var payload = JsonDocument.Parse(record.Payload);
            Assert.Equal(4, payload.RootElement.EnumerateObject().Count());
            Assert.DoesNotContain("\\u0000", Encoding.UTF8.GetString(record.Payload.Span), StringComparison.Ordinal);
        });
    }

    private static string Describe(SourcePage page) =>
        $"{page.RecordsThrough} {page.ContentIdentity} {string.Join(' ', page.Records.Select(r => r.ContentHash))} "
        + string.Join(' ', page.Rejections);

    private static string Row(int i) => i % 4 == 0 ? $"id{i},S{i},\"Name, \"\"{i}\"\"\",{i}.5" : $"id{i},S{i},Name {i},{i}.5";

    private static byte[] Mutate(Random random, string row, bool keepsLines)
    {
        var bytes = Encoding.UTF8.GetBytes(keepsLines ? row.Replace("\"", "", StringComparison.Ordinal) : row).ToList();
        for (var times = random.Next(0, 4); times > 0 && bytes.Count > 0; times--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes.RemoveRange(at, random.Next(1, bytes.Count - at + 1));
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes[random.Next(bytes.Count)..]);
                    break;
                default:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Inserts[random.Next(Inserts.Length)]));
                    break;
            }
        }

        return [.. keepsLines ? bytes.Where(b => b is not ((byte)'\n' or (byte)'\r' or (byte)'"')) : bytes];
    }
}
