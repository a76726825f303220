namespace Kasparro.Tests.Chaos;

/// <summary>Upstreams, played by the simulator, that change what they report about a coin and later revert it.</summary>
public sealed class ChangedUpstreamTests(ThreeSources sources) : IClassFixture<ThreeSources>
{
    private const string Renamed = "renamed-t";

    /// <summary>
    /// Selects a coin that both upstreams price, that its own lists only once and, if the case requires it, that has a contract.
    /// </summary>
    private const string CoinSql = """
        SELECT l.external_id FROM listings l
        WHERE l.source = '{0}' AND l.price_usd > 0 AND l.market_cap_usd > 0 AND l.is_active
          AND ({1} OR EXISTS (SELECT FROM asset_platforms p WHERE p.listing_id = l.listing_id))
          AND EXISTS (SELECT FROM listings o WHERE o.asset_id = l.asset_id AND o.source IN ('coingecko', 'coinpaprika')
                      AND o.source <> l.source AND o.price_usd > 0)
          AND (SELECT count(*) FROM listings s WHERE s.asset_id = l.asset_id AND s.source = l.source) = 1
        ORDER BY 1 LIMIT 1
        """;

    [Fact]
    public async Task What_an_upstream_changes_of_a_coin_is_what_it_means_and_goes_with_the_change()
    {
        Change[] all =
        [
            new(SourceNames.CoinGecko, "delisting", "/coins/markets", """ "kind":"omit","id":"{0}"} """, Runs: 3, "False | True | True"),
            new(SourceNames.CoinGecko, "zero price", "/coins/markets", """ "kind":"set","id":"{0}","field":"current_price","value":"0"} """,
                Runs: 1, "True | False | True"),
            new(SourceNames.CoinGecko, "unusable value", "/coins/markets",
                """ "kind":"set","id":"{0}","field":"market_cap","value":"\"NaN\""} """, Runs: 1, "True | True | False"),
            new(SourceNames.CoinPaprika, "older quote", "/tickers",
                """ "kind":"set","id":"{0}","field":"last_updated","value":"\"2026-10-01T00:00:00Z\""} """, Runs: 1, "True | True | True"),
            new(SourceNames.CoinGecko, "renamed id", Route: null,
                """ "kind":"set","id":"{0}","field":"id","value":"\"renamed-t\""} """, Runs: 1, "False | True | True"),
            new(SourceNames.CoinPaprika, "renamed id", Route: null,
                """ "kind":"set","id":"{0}","field":"id","value":"\"renamed-t\""} """, Runs: 1, "False | True | True"),
        ];
        var changes = all.TakeLast(ChaosRun.Count(sample: 2, full: all.Length)).ToList();
        foreach (var change in changes)
        {
            await using var ingestion = await sources.CreateAsync(
                Cancellation,
                ("Sources:CoinPaprika:EvidenceInterval", "00:00:00.0000001"),
                ("Sources:CoinGecko:EvidenceInterval", change.Route is null ? "00:00:00.0000001" : "00:00:00"));
            await IngestAsync(ingestion);
            var coin = await ingestion.ScalarAsync<string>(
                CoinSql.Replace("{0}", change.Source, StringComparison.Ordinal)
                    .Replace("{1}", change.Route is null ? "false" : "true", StringComparison.Ordinal),
                Cancellation);
            var listing = $"FROM listings WHERE source = '{change.Source}' AND external_id = '{coin}'";
            var state = $"SELECT asset_id, is_active, price_usd, market_cap_usd {listing}";
            var before = await ingestion.RowsAsync(state, Cancellation);
            var assetId = await ingestion.ScalarAsync<Guid>($"SELECT asset_id {listing}", Cancellation);

            var route = change.Route is null ? "" : $"\"route\":\"{change.Route}\",";
            var upstream = change.Source == SourceNames.CoinGecko ? "coingecko" : "coinpaprika";
            await sources.FaultAsync(
                $$"""{"upstream":"{{upstream}}","times":0,{{route}}{{change.Fault.Replace("{0}", coin, StringComparison.Ordinal)}}""",
                Cancellation);
            for (var run = 0; run < change.Runs; run++)
            {
                await IngestAsync(ingestion, change.Source);
            }

            Assert.Equal(
                [change.Expected],
                await ingestion.RowsAsync(
                    $"SELECT is_active, price_usd IS NOT NULL, market_cap_usd IS NOT NULL {listing}", Cancellation));
            Assert.Equal(
                [$"{assetId} | True"],
                await ingestion.RowsAsync(
                    $"SELECT asset_id, is_active AND price_usd > 0 FROM assets WHERE asset_id = '{assetId}'", Cancellation));
            Assert.Equal(
                change.Route is null ? [$"{assetId} | True"] : [],
                await ingestion.RowsAsync($"SELECT asset_id, is_active FROM listings WHERE external_id = '{Renamed}'", Cancellation));
            Assert.Equal(0, await ingestion.ScalarAsync<long>("SELECT count(*) FROM quotes WHERE price_usd <= 0", Cancellation));

            await sources.HealAsync(Cancellation);
            await IngestAsync(ingestion, change.Source);
            Assert.Equal(before, await ingestion.RowsAsync(state, Cancellation));
            await sources.DropAsync(ingestion, Cancellation);
        }

        ChaosRun.Tell(
            $"changed coins: {string.Join(", ", changes.Select(change => change.Name))}: each as it is meant, and undone with the change");
    }

    private static async Task IngestAsync(IngestionHarness ingestion, params string[] sources)
    {
        var outcome = await ingestion.IngestAsync(Cancellation, sources);
        Assert.True(outcome.Succeeded, string.Join("; ", outcome.Sources));
    }

    /// <param name="Source">The source that lists the coin.</param>
    /// <param name="Name">The name of the change.</param>
    /// <param name="Route">The route whose responses change; null for all routes of the upstream.</param>
    /// <param name="Fault">The rest of the simulator's fault, with <c>{0}</c> for the coin's id.</param>
    /// <param name="Runs">The number of runs until the change takes effect.</param>
    /// <param name="Expected">Whether the listing then is active, has a price, and has a market capitalisation.</param>
    private sealed record Change(string Source, string Name, string? Route, string Fault, int Runs, string Expected);
}
