using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Sources;
using Kasparro.Ingestion.Sources.Csv;
using Kasparro.Ingestion.Sources.Drift;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Kasparro.Tests.Unit.Ingestion.Csv;

public sealed class CsvSourceTests : CsvFiles
{
    [Theory]
    [InlineData("", "a.csv b.CSV c.tsv")]
    [InlineData("*.csv", "a.csv b.CSV")]
    [InlineData("**/*.csv", "a.csv b.CSV d.csv")]
    [InlineData("a.csv", "a.csv")]
    [InlineData("a.csv;{0}/deep/*.csv;{0}/*.csv", "a.csv b.CSV d.csv")]
    [InlineData("deep/*.tsv", "")]
    public void GetStreams_finds_the_files_when_given_files_folders_or_globs(string pattern, string expected)
    {
        Directory.CreateDirectory(Path.Combine(Folder, "deep"));
        foreach (var (name, i) in new[] { "a.csv", "b.CSV", "c.tsv", "deep/d.csv", "e.txt" }.Select((name, i) => (name, i)))
        {
            File.SetLastWriteTimeUtc(Write(name, $"{Header}\n{i},A,a,1\n"), new DateTime(2026, 1, 1 + i, 0, 0, 0, DateTimeKind.Utc));
        }

        var streams = Source(new CsvOptions { Path = $"{Folder}/{string.Format(null, pattern, Folder)}" }).GetStreams(Request());

        Assert.Equal(expected, string.Join(' ', streams.Cast<CsvStream>().Select(stream => Path.GetFileName(stream.File))));
        Assert.Equal(streams.Count, streams.Select(stream => stream.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.All(streams, stream => Assert.True(stream.Kind == RecordKind.Quote && stream.ResumesAfterCompletion));
    }

    [Fact]
    public void GetStreams_puts_the_newer_file_last_when_there_are_several()
    {
        File.SetLastWriteTimeUtc(Write("a.csv", $"{Header}\n1,A,a,1\n"), new DateTime(2026, 2, 1, 0, 0, 0, DateTimeKind.Utc));
        File.SetLastWriteTimeUtc(Write("b.csv", $"{Header}\n1,A,a,2\n"), new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        Assert.Equal("b.csv a.csv", string.Join(' ', Streams().Select(stream => Path.GetFileName(stream.File))));
    }

    [Fact]
    public void GetStreams_finds_the_parts_of_a_file_that_is_a_folder()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "coins.csv"));
        Write("coins.csv/_SUCCESS", "");
        Write("coins.csv/.part-00000.csv.crc", "crc");
        Write("coins.csv/part-00000.csv", $"{Header}\n1,A,a,1\n");
        Write("coins.csv/part-00001.csv.gz", $"{Header}\n2,B,b,1\n");

        Assert.Equal(["part-00000.csv", "part-00001.csv.gz"], Streams().Select(stream => stream.Title).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void GetStreams_takes_a_semicolon_for_part_of_a_name_when_there_is_such_a_file() =>
        Assert.Single(Source().GetStreams(Request(Write("a;b*.csv", $"{Header}\n1,A,a,1\n"))));

    [Fact]
    public void Name_is_the_same_when_the_file_is_renamed_or_grows()
    {
        var path = Write("a.csv", $"{Header}\n1,A,a,1");
        var name = GetName(path);

        File.AppendAllText(path, $"\n{Rows(0, 5_000)}");
        File.Move(path, Path.Combine(Folder, "renamed.csv"));

        Assert.Equal(name, GetName(Path.Combine(Folder, "renamed.csv")));
    }

    [Fact]
    public async Task Renamed_file_gives_no_pages_when_its_checkpoint_is_known()
    {
        var path = Write("a.csv", $"{Header}\n{Rows(0, 25)}");
        var before = Assert.Single(Source().GetStreams(Request()));
        var last = (await Pages(before, ResumePoint.Start))[^1];
        File.Move(path, Path.Combine(Folder, "b.csv"));

        var after = Assert.Single(Source().GetStreams(Request()));

        Assert.Equal(before.Name, after.Name);
        Assert.Empty(await Pages(after, After(last)));
    }

    [Fact]
    public void Names_differ_when_files_have_one_first_row()
    {
        Write("a.csv", $"{Header}\n1,A,a,1\n2,B,b,2\n");
        var alone = Assert.Single(Source().GetStreams(Request())).Name;
        Write("b.csv", $"{Header}\n1,A,a,1\n3,C,c,3\n");

        var names = Streams().ToDictionary(stream => Path.GetFileName(stream.File), stream => stream.Name, StringComparer.Ordinal);

        Assert.Equal(alone, names["a.csv"]);
        Assert.Equal($"{alone}@{Folder}/b.csv", names["b.csv"]);
    }

    [Theory]
    [InlineData("missing.csv", "does not exist")]
    [InlineData("missing/*.csv", "does not exist")]
    [InlineData("empty.csv", "is empty")]
    public async Task Stream_fails_and_the_others_are_there_when_a_file_cannot_be_read(string file, string message)
    {
        Write("a.csv", $"{Header}\n1,A,a,1\n");
        Write("empty.csv", "");

        var streams = Streams(new CsvOptions { Path = $"{Folder}/a.csv;{Folder}/{file}" });

        Assert.Single(await Pages(streams.Single(s => s.File.EndsWith("a.csv", StringComparison.Ordinal)), ResumePoint.Start));
        var broken = streams.Single(s => !s.File.EndsWith("a.csv", StringComparison.Ordinal));
        var error = await Assert.ThrowsAsync<SourceException>(() => Pages(broken, ResumePoint.Start));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_fails_with_the_cause_when_its_file_goes_away()
    {
        var path = Write("a.csv", $"{Header}\n1,A,a,1\n");
        var stream = Assert.Single(Source().GetStreams(Request()));
        File.Delete(path);

        await Assert.ThrowsAsync<SourceException>(() => Pages(stream, ResumePoint.Start));
    }

    [Fact]
    public async Task Reading_stops_between_rows_when_cancelled()
    {
        Write("a.csv", $"{Header}\n{Rows(0, 100)}");
        using var stop = new CancellationTokenSource();
        var stream = Assert.Single(Streams(new CsvOptions { PageSize = 10 }));
        var pages = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var page in stream.ReadAsync(ResumePoint.Start, stop.Token))
            {
                pages++;
                await stop.CancelAsync();
            }
        });

        Assert.Equal(1, pages);
    }

    [Fact]
    public async Task Page_says_when_it_was_read_and_how_far_into_the_file()
    {
        Write("a.csv", $"{Header}\n{Rows(0, 50_000)}");

        var pages = await Pages(Assert.Single(Streams()), ResumePoint.Start);

        Assert.All(pages, page => Assert.Equal(Now, page.FetchedAt));
        var shares = pages.ConvertAll(page => page.Fraction!.Value);
        Assert.Equal(1, shares[^1]);
        Assert.All(shares.Zip(shares.Skip(1)), pair => Assert.True(pair.First <= pair.Second));
        Assert.InRange(shares[shares.Count / 2], 0.4, 0.9);
    }

    [Fact]
    public void AddCsvSource_binds_and_validates_when_configured()
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Sources:Csv:Path"] = Folder,
            ["Sources:Csv:Delimiter"] = "tab",
            ["Sources:Csv:DecimalComma"] = "true",
            ["Sources:Csv:HeaderAliases:price_usd:0"] = "last",
            ["Sources:Csv:WatchInterval"] = "00:00:05",
        };
        using var services = Services(settings);

        var options = services.GetRequiredService<IOptions<CsvOptions>>().Value;

        Assert.Equal(SourceNames.Csv, Assert.Single(services.GetServices<ISource>()).Name);
        Assert.Equal((Folder, '\t', true), (options.Path, options.DelimiterCharacter, options.DecimalComma));
        Assert.Equal("last", Assert.Single(options.HeaderAliases["PRICE_USD"]));
        settings["Sources:Csv:PageSize"] = "0";
        using var broken = Services(settings);
        Assert.Throws<OptionsValidationException>(() => broken.GetRequiredService<IOptions<CsvOptions>>().Value);
    }

    [Fact]
    public void Watch_tells_once_when_files_changed_and_stand_still()
    {
        var options = Options.Create(new CsvOptions { Path = Folder, WatchInterval = TimeSpan.FromSeconds(1) });
        var watch = new CsvFolderWatch(options, new FakeTimeProvider(Now));
        Assert.False(watch.HasChanged());
        Assert.False(watch.HasChanged());

        Write("a.csv", "x");
        Assert.False(watch.HasChanged());
        Write("a.csv", "still being written");
        Assert.False(watch.HasChanged());
        Assert.True(watch.HasChanged());
        watch.MarkRead(Path.Combine(Folder, "a.csv"));
        Assert.False(watch.HasChanged());

        File.Move(Path.Combine(Folder, "a.csv"), Path.Combine(Folder, "b.csv"));
        Assert.False(watch.HasChanged());
        Assert.True(watch.HasChanged());
    }

    [Fact]
    public void Links_of_folders_are_followed_once_when_they_lead_back()
    {
        var (outside, inside) = (Path.Combine(Folder, "outside"), Path.Combine(Folder, "inside"));
        Directory.CreateDirectory(outside);
        Directory.CreateDirectory(Path.Combine(inside, "sub"));
        Write("outside/a.csv", $"{Header}\n1,A,a,1\n");
        Write("inside/b.csv", $"{Header}\n2,B,b,2\n");
        Directory.CreateSymbolicLink(Path.Combine(inside, "other"), outside);
        Directory.CreateSymbolicLink(Path.Combine(inside, "back"), inside);
        Directory.CreateSymbolicLink(Path.Combine(inside, "sub", "up"), "..");
        Directory.CreateSymbolicLink(Path.Combine(outside, "back"), inside);

        var streams = Streams(new CsvOptions { Path = Path.Combine(inside, "**", "*.csv") });

        Assert.Equal(["a.csv", "b.csv"], streams.Select(stream => stream.Title).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Watch_tells_of_a_change_until_the_file_is_read()
    {
        var options = Options.Create(new CsvOptions { Path = Folder, WatchInterval = TimeSpan.FromSeconds(1) });
        var time = new FakeTimeProvider(Now);
        var watch = new CsvFolderWatch(options, time);
        var source = new CsvSource(options, Options.Create(new SchemaDriftOptions()), watch, time, NullLogger<CsvSource>.Instance);
        Write("a.csv", $"{Header}\n1,A,a,1\n");

        // Another trigger may come first and read something else.
        Assert.Equal([false, true, true], [watch.HasChanged(), watch.HasChanged(), watch.HasChanged()]);

        await Pages(Assert.Single(source.GetStreams(Request())), ResumePoint.Start);
        Assert.False(watch.HasChanged());
    }

    [Fact]
    public async Task Watch_completes_when_files_change()
    {
        var options = new CsvOptions { Path = Folder, WatchInterval = TimeSpan.FromMilliseconds(100) };
        var change = new CsvFolderWatch(Options.Create(options), TimeProvider.System).WaitForChangeAsync(Cancellation);
        Assert.False(change.IsCompleted);

        Write("a.csv", "x");

        await change.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
    }

    [Fact]
    public async Task Watch_never_completes_when_it_is_off()
    {
        var watch = new CsvFolderWatch(Options.Create(new CsvOptions { Path = Folder }), TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var change = watch.WaitForChangeAsync(stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => change);
    }

    private List<CsvStream> Streams(CsvOptions? options = null) => [.. Source(options).GetStreams(Request()).Cast<CsvStream>()];

    private string GetName(string path) => Assert.Single(Source().GetStreams(Request(path))).Name;

    private static ServiceProvider Services(Dictionary<string, string?> settings) => new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
        .AddLogging()
        .AddCsvSource()
        .BuildServiceProvider();
}
