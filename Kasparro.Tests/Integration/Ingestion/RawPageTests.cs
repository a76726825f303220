using System.Text.RegularExpressions;

namespace Kasparro.Tests.Integration.Ingestion;

public sealed partial class RawPageTests(BackingServices services)
{
    [Fact]
    public async Task Query_in_operations_md_finds_what_the_source_sent_about_an_asset()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.OnJson(StubUpstream.Market(1), StubUpstream.MarketPage(1, 10));
        await using var ingestion = await IngestionHarness.CreateAsync(
            services, upstream.Url, Cancellation, ("Sources:CoinGecko:PageSize", "10"));
        Assert.True((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Succeeded);
        var asset = await ingestion.ScalarAsync<Guid>("SELECT asset_id FROM assets WHERE symbol = 'C7'", Cancellation);
        var sql = Query().Match(await File.ReadAllTextAsync(RepositoryFiles.At("docs/operations.md"), Cancellation)).Groups["sql"].Value;

        var found = Assert.Single(await ingestion.RowsAsync(sql.Replace("$ASSET_ID", $"{asset}", StringComparison.Ordinal), Cancellation));

        Assert.Contains(" | coingecko | markets | ", found, StringComparison.Ordinal);
        Assert.Contains("\"id\":\"coin-7\"", found, StringComparison.Ordinal);
        Assert.DoesNotContain("\"id\":\"coin-8\"", found, StringComparison.Ordinal);
        Assert.Equal(["1 | 10"], await ingestion.RowsAsync("SELECT count(*), sum(records) FROM raw_pages", Cancellation));
    }

    [GeneratedRegex("```sql\n(?<sql>SELECT p.fetched_at.*?)```", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex Query();
}
