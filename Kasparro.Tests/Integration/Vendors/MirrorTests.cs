using System.Globalization;

namespace Kasparro.Tests.Integration.Vendors;

/// <summary>Another Kasparro that reads from this one's vendor routes.</summary>
public sealed class MirrorTests(BackingServices services)
{
    private static readonly string[] Sources = [SourceNames.CoinPaprika, SourceNames.CoinGecko, SourceNames.Csv];

    private static readonly string[] Same =
    [
        "SELECT asset_id, symbol, name, source, is_active, price_usd, market_cap_usd, volume_24h_usd FROM assets ORDER BY asset_id",
        "SELECT listing_id, source, external_id, asset_id, symbol, name, is_active, price_usd, market_cap_usd FROM listings ORDER BY 1",
        "SELECT listing_id, other_id, asset_id, rule, reason FROM identity_decisions ORDER BY listing_id, other_id",
        "SELECT listing_id, platform, address, source FROM asset_platforms ORDER BY 1, 2, 3",
        "SELECT currency, per_bitcoin FROM exchange_rates ORDER BY currency",
    ];

    [Fact]
    public async Task Catalogue_of_a_mirror_is_the_same()
    {
        await using var first = await SimulatedCatalogue.CreateAsync(services, assets: 300, Cancellation);
        await using var api = await ApiHarness.StartOnAsync(first.Connections.Catalogue, first.Connections.Cache, Cancellation);
        var root = api.Client.BaseAddress!;
        await using var second = await IngestionHarness.CreateAsync(
            services,
            root.AbsoluteUri,
            Cancellation,
            ("Sources:CoinPaprika:BaseUrl", new Uri(root, "compat/coinpaprika/v1/").AbsoluteUri),
            ("Sources:CoinPaprika:EvidenceInterval", "1.00:00:00"),
            ("Sources:CoinGecko:BaseUrl", new Uri(root, "api/v3/").AbsoluteUri),
            ("Sources:CoinGecko:EvidenceInterval", "1.00:00:00"),
            ("Sources:CoinGecko:PageSize", "250"),
            ("Sources:Csv:Path", RepositoryFiles.At("data/sample.csv")));

        var outcome = await second.IngestAsync(Cancellation, Sources);

        Assert.All(outcome.Sources, source => Assert.True(source.Error is null, source.Error));
        foreach (var sql in Same)
        {
            var expected = await first.Ingestion.RowsAsync(sql, Cancellation);
            Assert.True(expected.Count > 0, string.Create(CultureInfo.InvariantCulture, $"{sql}: nothing to compare"));
            Assert.Equal(expected, await second.RowsAsync(sql, Cancellation));
        }
    }
}
