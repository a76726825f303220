using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Npgsql;

namespace Kasparro.Tests.Integration.Api;

public sealed class DataQualityTests(BackingServices services)
{
    [Fact]
    public async Task Quality_counts_what_is_stale_missing_double_and_unmatched_and_what_diverges()
    {
        var cancellation = Cancellation;
        await using var api = await ApiHarness.StartAsync(services, cancellation);
        var dear = CatalogueSeed.Listing(11, SourceNames.CoinPaprika, "AAA", null, asset: 1, DateTimeOffset.UtcNow);
        dear.PriceUsd = 5;
        await CatalogueSeed.CommitAsync(
            api.Catalogue,
            [
                CatalogueSeed.Asset(1, "AAA", 10),
                CatalogueSeed.Asset(2, "BBB", 10),
                dear,
                CatalogueSeed.Listing(12, SourceNames.CoinGecko, "AAA", 10, asset: 1, DateTimeOffset.UtcNow),
                CatalogueSeed.Listing(13, SourceNames.CoinGecko, "AAA", 10, asset: 1, DateTimeOffset.UtcNow),
                CatalogueSeed.Listing(14, SourceNames.CoinGecko, "BBB", null, asset: 2, DateTimeOffset.UtcNow.AddDays(-2)),
            ],
            cancellation);

        var quality = await api.GetAsync("/data-quality", cancellation);

        var gecko = quality["sources"]!["coingecko"]!;
        Assert.Equal((3, 1, 1), ((int)gecko["listings"]!, (int)gecko["stale"]!, (int)gecko["duplicates"]!));
        Assert.Equal(1 / 3.0, (double)gecko["unmatched_share"]!, 6);
        Assert.Equal(1 / 3.0, (double)gecko["null_rates"]!["market_cap_usd"]!, 6);
        Assert.Equal(1, (double)quality["sources"]!["coinpaprika"]!["null_rates"]!["market_cap_usd"]!);
        Assert.Equal(0, (int)quality["sources"]!["csv_source"]!["listings"]!);
        var divergence = quality["price_divergence"]!;
        Assert.Equal((1, 1), ((int)divergence["compared"]!, (int)divergence["divergent"]!));
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse(
                $$"""[{ "asset_id": "{{CatalogueSeed.Id(1)}}", "symbol": "AAA", "lowest_usd": 2.5, "highest_usd": 5, "ratio": 2 }]"""),
            divergence["furthest"]));
    }

    [Fact]
    public async Task Measurement_that_its_client_left_is_joined_by_the_next_client()
    {
        var cancellation = Cancellation;
        await using var api = await ApiHarness.StartAsync(services, cancellation, "--Api:DatabaseTimeout=00:00:30");
        await using var locker = new NpgsqlConnection(api.Catalogue);
        await locker.OpenAsync(cancellation);
        await using var transaction = await locker.BeginTransactionAsync(cancellation);
        await locker.ExecuteAsync("LOCK TABLE listings IN ACCESS EXCLUSIVE MODE", cancellation);

        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var first = api.Client.GetAsync(new Uri("/data-quality", UriKind.Relative), left.Token);
        await Eventually.TrueAsync(async () => await CountScansAsync(api, cancellation) == 1, cancellation);
        await left.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        using var started = new MetricCollector<long>(
            api.Services.GetRequiredService<IMeterFactory>(), "Microsoft.AspNetCore.Hosting", "http.server.active_requests");
        var others = Enumerable.Range(0, 3).Select(_ => api.GetAsync("/data-quality", cancellation)).ToList();
        await started.WaitForMeasurementsAsync(others.Count, cancellation);
        Assert.Equal(1, await CountScansAsync(api, cancellation));

        await transaction.RollbackAsync(cancellation);
        Assert.All(await Task.WhenAll(others), quality => Assert.NotNull(quality["measured_at"]));
    }

    private static async Task<long> CountScansAsync(ApiHarness api, CancellationToken cancellationToken)
    {
        await using var catalogue = NpgsqlDataSource.Create(api.Catalogue);
        return await catalogue.ScalarAsync<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND "
                + "wait_event_type = 'Lock' AND query LIKE '%FROM listings%'", cancellationToken);
    }
}
