using System.Globalization;
using System.Text;

namespace Kasparro.Tests.Integration.Ingestion;

/// <summary>Operators' crosswalk files, which add vocabularies without code.</summary>
public sealed class ReferenceFileTests(BackingServices services) : IDisposable
{
    private const int Coins = 5_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("kasparro-references").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Five_thousand_rows_are_loaded_the_bad_ones_told_and_the_next_version_takes_their_place_at_once()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.OnJson(StubUpstream.Market(1), StubUpstream.MarketPage(1, Coins));
        await using var ingestion = await CreateAsync(upstream, ("Sources:CoinGecko:PageSize", "250"));
        var csv = new StringBuilder("\uFEFFid;ISIN\r\n");
        for (var number = 1; number <= Coins; number++)
        {
            csv.Append(CultureInfo.InvariantCulture, $"{Id(number)};XS{(number == 600 ? 1 : number):D10}\r\n");
        }

        Write("ids.csv", csv.ToString());
        await IngestAsync(ingestion);

        Assert.Equal(
            [
                "ids.csv | 11 | malformed_row", "ids.csv | 101 | missing_field", "ids.csv | 201 | missing_field",
                    "ids.csv | 301 | bad_id", "ids.csv | 401 | bad_id",
                "ids.csv | 501 | unknown_id", "ids.csv | 601 | conflicting", "ids.csv | 701 | bad_id",
            ],
            await ingestion.RowsAsync("SELECT file_name, line, reason FROM reference_file_errors ORDER BY line", Cancellation));
        Assert.Equal(["coin 500x names nothing in the catalogue."],
            await ingestion.RowsAsync("SELECT detail FROM reference_file_errors WHERE line = 501", Cancellation));
        Assert.Equal(["isin | 4992 | 8 | 1"],
            await ingestion.RowsAsync("SELECT vocabulary, row_count, rejected_count, unknown_count FROM reference_files", Cancellation));
        Assert.Equal(4_992, await ingestion.ScalarAsync<long>("SELECT count(*) FROM external_ids", Cancellation));
        Assert.Equal(("C42", 1.0, "isin id of listing coingecko:coin-42 in ids.csv, line 43"),
            await ResolveAsync(ingestion, "isin:XS0000000042"));
        Assert.Equal(("C42", 1.0, "isin id of listing coingecko:coin-42 in ids.csv, line 43"),
            await ResolveAsync(ingestion, "ISIN:XS0000000042"));
        Assert.Equal((null, null, ""), await ResolveAsync(ingestion, "isin:XS0000000500"));

        // The next version has another name, no header and a single id.
        File.Delete(Path.Combine(_folder, "ids.csv"));
        Write("isin.csv", "coingecko:coin-7,XS9\n");
        await IngestAsync(ingestion);
        Assert.Equal(["isin | XS9 | isin.csv | 1"],
            await ingestion.RowsAsync("SELECT vocabulary, value, file_name, line FROM external_ids", Cancellation));
        Assert.Empty(await ingestion.RowsAsync("SELECT * FROM reference_file_errors", Cancellation));
        Assert.Equal(["isin.csv"], await ingestion.RowsAsync("SELECT file_name FROM reference_files", Cancellation));

        // An invalid file leaves the loaded ids unchanged and reports the reason.
        Write("isin.csv", "");
        await IngestAsync(ingestion);
        Assert.Equal("C7", (await ResolveAsync(ingestion, "isin:XS9")).Symbol);
        Assert.Equal(["isin.csv | 0 | unreadable"], await ingestion.RowsAsync("SELECT file_name, line, reason FROM reference_file_errors",
            Cancellation));

        // A header alone removes the ids but keeps the vocabulary.
        Write("isin.csv", "id,isin\n");
        await IngestAsync(ingestion);
        Assert.Equal(0, await ingestion.ScalarAsync<long>("SELECT count(*) FROM external_ids", Cancellation));
        Assert.Empty(await PlatformEvidenceTests.GetResolver(ingestion).FindErrorsAsync([Parse("isin:XS9")], Cancellation));
        Assert.Contains("there is no vocabulary figi",
            (await PlatformEvidenceTests.GetResolver(ingestion).FindErrorsAsync([Parse("figi:XS9")], Cancellation))[0],
                StringComparison.Ordinal);

        // A few ids are bad, each in a different way.
        static string Id(int number) => number switch
        {
            10 => "coingecko:coin-10;more",
            100 => "",
            200 => " ",
            300 => "1:0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD",
            400 => "no-such:thing",
            500 => "coin 500x",
            700 => "eip155:1/slip44:0",
            _ => $"coingecko:coin-{number}",
        };
    }

    [Fact]
    public async Task Ids_of_coins_that_come_later_are_known_from_then_on()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.OnJson(StubUpstream.Market(1), $"[{StubUpstream.Coin("one", "one", "One", 1)}]");
        await using var ingestion = await CreateAsync(upstream);
        Write("cmc.csv", "coingecko,cmc\none,1\ntwo,2\n");
        Write("figi.csv", "figi,id\nBBG1,coingecko:one\n");
        Write("ethereum.csv", "id,value\ncoingecko:one,1\n");
        await IngestAsync(ingestion);
        Assert.Equal(["cmc | 1", "figi | BBG1"], await ingestion.RowsAsync("SELECT vocabulary, value FROM external_ids ORDER BY 1",
            Cancellation));
        Assert.Equal(
            ["cmc.csv | 3 | unknown_id", "ethereum.csv | 0 | bad_vocabulary"],
            await ingestion.RowsAsync("SELECT file_name, line, reason FROM reference_file_errors ORDER BY 1", Cancellation));

        upstream.OnJson(StubUpstream.Market(1),
            $"[{StubUpstream.Coin("one", "one", "One", 1)},{StubUpstream.Coin("two", "two", "Two", 1)}]");
        await IngestAsync(ingestion);
        Assert.Equal(["1", "2"], await ingestion.RowsAsync("SELECT value FROM external_ids WHERE vocabulary = 'cmc' ORDER BY 1",
            Cancellation));
        Assert.Equal("TWO", (await ResolveAsync(ingestion, "cmc:2")).Symbol);

        // If nothing has changed, nothing is written.
        var loaded = await ingestion.RowsAsync("SELECT file_name, loaded_at FROM reference_files ORDER BY 1", Cancellation);
        await IngestAsync(ingestion);
        Assert.Equal(loaded, await ingestion.RowsAsync("SELECT file_name, loaded_at FROM reference_files ORDER BY 1", Cancellation));
    }

    private static AssetIdentifier Parse(string id)
    {
        Assert.True(AssetIdentifier.TryParse(id, out var identifier, out var error), error);
        return identifier;
    }

    private static async Task<(string? Symbol, double? Confidence, string Evidence)> ResolveAsync(IngestionHarness ingestion, string id)
    {
        var resolved = Assert.Single(await PlatformEvidenceTests.GetResolver(ingestion).ResolveAsync([Parse(id)], Cancellation));
        return (resolved.Asset?.Symbol, resolved.Confidence, string.Join("; ", resolved.Evidence));
    }

    private static async Task IngestAsync(IngestionHarness ingestion)
    {
        var outcome = await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);
        Assert.True(outcome.Succeeded, string.Join("; ", outcome.Sources));
    }

    private void Write(string name, string content) => File.WriteAllText(Path.Combine(_folder, name), content);

    private Task<IngestionHarness> CreateAsync(StubUpstream upstream, params (string Key, string? Value)[] overrides) =>
        IngestionHarness.CreateAsync(services, upstream.Url, Cancellation, [("References:Crosswalks", _folder), .. overrides]);
}
