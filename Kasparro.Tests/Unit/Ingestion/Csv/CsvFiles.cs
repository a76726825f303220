using System.Text;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Sources;
using Kasparro.Ingestion.Sources.Csv;
using Kasparro.Ingestion.Sources.Drift;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Kasparro.Tests.Unit.Ingestion.Csv;

/// <summary>A folder of CSV files that exists as long as a test, and the source that reads it.</summary>
public abstract class CsvFiles : IDisposable
{
    private protected const string Header = "id,symbol,name,price_usd";

    private protected static readonly DateTimeOffset Now = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);

    private protected string Folder { get; } = Directory.CreateTempSubdirectory("kasparro-csv-").FullName;

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => Directory.Delete(Folder, recursive: true);

    private protected string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    private protected string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private protected CsvSource Source(CsvOptions? options = null)
    {
        options ??= new CsvOptions();
        if (string.Equals(options.Path, new CsvOptions().Path, StringComparison.Ordinal))
        {
            options.Path = Folder;
        }

        return Source(options, new SchemaDriftOptions());
    }

    private protected static CsvSource Source(CsvOptions options, SchemaDriftOptions drift)
    {
        var (wrapped, time) = (Options.Create(options), new FakeTimeProvider(Now));
        return new CsvSource(wrapped, Options.Create(drift), new CsvFolderWatch(wrapped, time), time, NullLogger<CsvSource>.Instance);
    }

    private protected static IngestionRequest Request(string? file = null) => new("command", [], file);

    private protected Task<List<SourcePage>> ReadFile(string path, CsvOptions? options = null, ResumePoint? from = null) =>
        Pages(Assert.Single(Source(options).GetStreams(Request(path))), from ?? ResumePoint.Start);

    /// <summary>Reads the first page from a resume point, and nothing after it.</summary>
    private protected async Task<SourcePage> ReadFirst(string path, CsvOptions options, ResumePoint from) =>
        await Assert.Single(Source(options).GetStreams(Request(path))).ReadAsync(from, Cancellation).FirstAsync(Cancellation);

    private protected async Task<CsvResult> Read(string text, CsvOptions? options = null) =>
        new(await ReadFile(Write("test.csv", text), options));

    private protected async Task<CsvResult> Read(byte[] bytes, CsvOptions? options = null) =>
        new(await ReadFile(Write("test.csv", bytes), options));

    private protected static async Task<List<SourcePage>> Pages(ISourceStream stream, ResumePoint from)
    {
        var pages = new List<SourcePage>();
        await foreach (var page in stream.ReadAsync(from, Cancellation))
        {
            pages.Add(page);
        }

        return pages;
    }

    /// <summary>Gets the resume point that the loader's checkpoint holds after a page.</summary>
    private protected static ResumePoint After(SourcePage page) => new(page.Number + 1, page.RecordsThrough, page.ContentIdentity);

    private protected static string Rows(int from, int count) =>
        string.Concat(Enumerable.Range(from, count).Select(i => $"id{i},S{i},Name {i},{i}.5\n"));
}

internal sealed class CsvResult(List<SourcePage> pages)
{
    public List<SourcePage> Pages => pages;

    public List<SourceRecord> Records => [.. pages.SelectMany(page => page.Records)];

    public List<Rejection> Rejections => [.. pages.SelectMany(page => page.Rejections)];

    public string[] Ids => [.. Records.Select(record => record.ExternalId)];

    /// <summary>The drifts found in the pages, by field and kind, with their counts.</summary>
    public string[] Drifts => [.. pages.SelectMany(page => page.Drifts).Select(drift => $"{drift.Path} {drift.Kind} {drift.Occurrences}")];

    public string[] Faults => [.. Rejections.Select(rejection => $"{rejection.Position}:{rejection.Reason}")];
}
