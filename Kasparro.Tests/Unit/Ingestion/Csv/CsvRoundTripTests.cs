using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Kasparro.Ingestion.Sources;
using Kasparro.Ingestion.Sources.Csv;

namespace Kasparro.Tests.Unit.Ingestion.Csv;

/// <summary>What an exporter writes is what is read, regardless of its habits.</summary>
public sealed class CsvRoundTripTests : CsvFiles
{
    private const int Rounds = 10;

    private static readonly string[] Letters =
        ["a", "B", "z", "7", " ", "-", ".", ",", ";", "|", "\"", "&", "(", ")", "é", "Ж", "漢", "🚀", "ß", "/", "+", "%", "$", "'"];

    public static TheoryData<string> Exporters => [.. CsvExporter.All.Select(exporter => exporter.Name)];

    [Theory]
    [MemberData(nameof(Exporters))]
    public void What_an_exporter_writes_reads_back_equal(string name)
    {
        var exporter = CsvExporter.All.Single(exporter => exporter.Name == name);
        var property = Prop.ForAll(Rows(exporter).ToArbitrary(), rows => Check(exporter, rows));

        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(Rounds), property);
    }

    [Fact]
    public void There_are_twenty_exporters_and_more() => Assert.True(CsvExporter.All.DistinctBy(exporter => exporter.Name).Count() >= 20);

    [Fact]
    public async Task What_nothing_tells_the_encoding_of_is_refused_where_its_header_is_in_another_currency()
    {
        var exporter = new CsvExporter("Excel, Western Europe")
        {
            Delimiter = ';',
            Encoding = CodePagesEncodingProvider.Instance.GetEncoding("windows-1252")!,
            Header = ["id", "symbol", "name", "Price (\u20AC)", "market_cap", "volume_24h", "rank", "circulating_supply", "updated_at"],
        };

        var error = await Assert.ThrowsAsync<SourceException>(() => Read(exporter.Export([Telling(exporter)])));

        Assert.Contains("Sources:Csv:Encoding", error.Message, StringComparison.Ordinal);
    }

    private void Check(CsvExporter exporter, ExportedRow[] rows)
    {
        var path = Write(exporter.IsCompressed ? "test.csv.gz" : "test.csv", exporter.Export(rows));

        var result = new CsvResult(ReadFile(path, exporter.Options).GetAwaiter().GetResult());

        Assert.Equal([], result.Rejections.Select(rejection => $"{rejection.Position}: {rejection.Detail} {rejection.Payload}"));
        Assert.Empty(result.Drifts);
        Assert.Equal(rows.Select(Expected), result.Records.Select(record => new Values(
            record.ExternalId,
            record.Symbol,
            record.Name,
            record.PriceUsd,
            record.MarketCapUsd,
            record.Volume24hUsd,
            record.Rank,
            record.CirculatingSupply,
            record.QuotedAt)));
    }

    private static Values Expected(ExportedRow row) => new(
        row.Id,
        row.Symbol,
        row.Name,
        row.Price == 0 ? null : CsvExporter.ToDouble(row.Price), // Zero is not a price.
        ToDouble(row.MarketCap),
        ToDouble(row.Volume),
        row.Rank,
        ToDouble(row.Supply),
        row.Time);

    private static double? ToDouble(decimal? value) => value is { } known ? CsvExporter.ToDouble(known) : null;

    private static Gen<ExportedRow[]> Rows(CsvExporter exporter) =>
        from count in Gen.Choose(0, 12)
        from rows in Gen.ArrayOf(Row(exporter), count)
        select new[] { Telling(exporter) }.Concat(rows).ToArray();

    /// <summary>A row with a number that shows how the file writes decimals; without one, 1,234 is rejected.</summary>
    private static ExportedRow Telling(CsvExporter exporter) =>
        new("first", "FST", exporter.Writable("First, of all"), 1234.5m, 2_500_000m, 0m, 1, 1m, Now.AddDays(-1));

    private static Gen<ExportedRow> Row(CsvExporter exporter) =>
        from id in Text(exporter)
        from symbol in Text(exporter)
        from name in Text(exporter)
        from price in Amount
        from marketCap in OrNull(Amount)
        from volume in OrNull(Amount)
        from rank in OrNull(Gen.Choose(1, 100_000))
        from supply in OrNull(Amount)
        from time in OrNull(Gen.Choose(1_300_000_000, 1_790_000_000))
        select new ExportedRow(id, symbol, name, price, marketCap == 0 ? null : marketCap, volume, rank, supply, At(time));

    /// <summary>A text that is also text in spreadsheets: none of them takes it for a formula, and no row is taken for a comment.</summary>
    private static Gen<string> Text(CsvExporter exporter) =>
        from first in Gen.Elements("n", "Q", "ö", "0")
        from rest in Gen.ArrayOf(Gen.Elements(Letters))
        let text = exporter.Writable(first + string.Concat(rest))
        select CsvCell.NotKnownWords.Contains(text) ? "0" : text;

    private static Gen<decimal> Amount =>
        from whole in Gen.OneOf(Gen.Choose(0, 9), Gen.Choose(0, 9_999), Gen.Choose(0, int.MaxValue))
        from decimals in Gen.Choose(0, 8)
        from fraction in Gen.Choose(0, 99_999_999)
        select decimal.Round(whole + (fraction / 100_000_000m), decimals);

    private static DateTimeOffset? At(int? seconds) => seconds is { } known ? DateTimeOffset.FromUnixTimeSeconds(known) : null;

    private static Gen<T?> OrNull<T>(Gen<T> values)
        where T : struct =>
        from isKnown in Gen.Elements(true, true, false)
        from value in values
        select isKnown ? value : (T?)null;

    private sealed record Values(
        string Id,
        string Symbol,
        string Name,
        double? Price,
        double? MarketCap,
        double? Volume,
        int? Rank,
        double? Supply,
        DateTimeOffset? Time);
}
