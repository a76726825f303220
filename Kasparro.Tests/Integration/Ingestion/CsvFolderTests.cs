using System.Text;
using Kasparro.Data.Runs;

namespace Kasparro.Tests.Integration.Ingestion;

/// <summary>A folder of files made by people: each file is read separately, and the run reports which ones could not be read.</summary>
public sealed class CsvFolderTests(BackingServices services) : IDisposable
{
    private const string Good = """
        id,symbol,name,price_usd,updated_at
        zeta-t,ZZT,Zeta Test,1.25,2026-01-01T12:00:00Z
        omega-t,OMT,Omega Test,0.5,2026-01-01T12:00:00Z

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("kasparro-folder-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("01-empty.csv", "", "is empty")]
    [InlineData("01-utf16.csv", "i\0d\0,\0s\0y\0m\0b\0o\0l\0", "UTF-16")]
    [InlineData("01-gzip.csv", "\u001F\u008B\u0008\0", "gzip")]
    [InlineData("01-history.csv", "timeOpen;timeClose;name;close\n2026-11-20;2026-11-20;2781;1.25\n", "no column for symbol")]
    public async Task A_file_that_cannot_be_read_hides_no_other_and_the_run_names_it(string name, string text, string cause)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        await WriteAsync(name, text, day: 1);
        await WriteAsync("02-good.csv", Good, day: 2);
        await using var ingestion = await CreateAsync(upstream);

        var first = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.Csv)).Sources);
        var second = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.Csv)).Sources);
        File.Delete(Path.Combine(_folder, name));
        var third = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.Csv)).Sources);

        Assert.Equal((RunStatus.Failed, 2), (first.Status, first.Totals.Inserted));
        Assert.Contains(name, first.Error, StringComparison.Ordinal);
        Assert.Contains(cause, first.Error, StringComparison.Ordinal);
        Assert.Equal((RunStatus.Failed, 0), (second.Status, second.Totals.Read));
        Assert.Equal(RunStatus.Completed, third.Status);
        Assert.Equal(
            ["OMT | 0.5", "ZZT | 1.25"], await ingestion.RowsAsync("SELECT symbol, price_usd FROM assets ORDER BY symbol", Cancellation));
    }

    [Fact]
    public async Task A_file_of_bad_rows_hides_no_other()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        var rows = string.Concat(Enumerable.Range(0, 30).Select(i => $"b{i},B{i},Bad {i},€{i}\n"));
        await WriteAsync("01-euros.csv", $"id,symbol,name,price_usd\n{rows}", day: 1);
        await WriteAsync("02-good.csv", Good, day: 2);
        await using var ingestion = await CreateAsync(upstream);

        var run = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.Csv)).Sources);

        Assert.Equal((RunStatus.Failed, 2), (run.Status, run.Totals.Inserted));
        Assert.Contains("01-euros.csv: 30 of 30 records of page 1 are bad", run.Error, StringComparison.Ordinal);
        Assert.Contains("is in '€', not in US dollars", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hidden_files_and_lock_files_are_not_read()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        await WriteAsync("._02-good.csv", "\0\u0005\u0016\a", day: 1);
        await WriteAsync(".~lock.02-good.csv#", "user,host", day: 1);
        await WriteAsync("~$02-good.csv", "user", day: 1);
        await WriteAsync("02-good.csv", Good, day: 2);
        await using var ingestion = await CreateAsync(upstream);

        var run = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.Csv)).Sources);

        Assert.Equal((RunStatus.Completed, 2), (run.Status, run.Totals.Inserted));
    }

    private async Task WriteAsync(string name, string text, int day)
    {
        var path = Path.Combine(_folder, name);
        var encoding = name.Contains("gzip", StringComparison.Ordinal) ? Encoding.Latin1 : Encoding.UTF8;
        await File.WriteAllBytesAsync(path, encoding.GetBytes(text), Cancellation);
        File.SetLastWriteTimeUtc(path, new DateTime(2026, 1, day, 0, 0, 0, DateTimeKind.Utc));
    }

    private Task<IngestionHarness> CreateAsync(StubUpstream upstream) =>
        IngestionHarness.CreateAsync(services, upstream.Url, Cancellation, ("Sources:Csv:Path", _folder));
}
