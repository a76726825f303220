using System.Globalization;

namespace Kasparro.Tests.Integration.Ingestion;

/// <summary>Real runs of the worker's pipeline, reviewed by the API.</summary>
public sealed class RunAssessmentTests(BackingServices services)
{
    private const int Runs = 30;
    private const int Coins = 60;
    private const int HalfGone = 11;
    private const int PricesMultiplied = 18;
    private const int FieldGone = 25;

    [Fact]
    public async Task Of_thirty_ingestions_the_three_odd_ones_are_found_and_no_other()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        await using var ingestion = await IngestionHarness.CreateAsync(services, upstream.Url, Cancellation);
        for (var run = 0; run < Runs; run++)
        {
            upstream.OnJson(StubUpstream.Market(1), Page(run));
            var outcome = await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);
            Assert.True(outcome.Succeeded, $"run {run}: {string.Join("; ", outcome.Sources)}");
        }

        await using var api = await ApiHarness.StartOnAsync(
            ingestion.Settings["ConnectionStrings:kasparro"]!, ingestion.Settings["ConnectionStrings:cache"]!, Cancellation);
        var answer = await api.GetAsync($"/runs?limit={Runs}", Cancellation);

        // Durations depend on the load from other tests and are not part of the injected anomalies.
        var odd = answer["runs"]!.AsArray().Reverse()
            .Select((run, index) => (
                Index: index,
                Measures: run!["assessment"]!["anomalies"]!.AsArray().Select(anomaly => (string)anomaly!["measure"]!)
                    .Where(name => name != "duration_ms").ToList()))
            .Where(run => run.Measures.Count > 0)
            .ToDictionary(run => run.Index, run => string.Join(' ', run.Measures));
        Assert.Equal(
            new Dictionary<int, string>
            {
                [HalfGone] = "quoted_records",
                [PricesMultiplied] = "price_level_usd",
                [FieldGone] = "volume_share"
            },
            odd);

        var runs = answer["runs"]!.AsArray().Select(run => (string)run!["run_id"]!).Reverse().ToList();
        Assert.Equal("too_few_runs", (string)answer["runs"]![Runs - 1]!["assessment"]!["verdict"]!);
        var comparison = await api.GetAsync($"/compare-runs?a={runs[PricesMultiplied - 1]}&b={runs[PricesMultiplied]}", Cancellation);
        Assert.Equal(20, comparison["moved"]!.AsArray().Count);
        Assert.All(comparison["moved"]!.AsArray(), moved => Assert.InRange((double)moved!["ratio"]!, 900, 1100));
        Assert.Empty(comparison["added"]!.AsArray());
    }

    private static string Page(int run)
    {
        var random = new Random(run);
        var count = run == HalfGone ? Coins / 2 : Coins;
        var factor = run == PricesMultiplied ? 1000 : 1;
        var step = Coins / count;
        var coins = Enumerable.Range(0, count)
            .Select(number => Coin(number * step, (1 + (0.02 * random.NextDouble())) * factor, run));
        return $"[{string.Join(',', coins)}]";
    }

    private static string Coin(int number, double move, int run)
    {
        var price = (1 + number) * move;
        var volume = run == FieldGone ? "" : "\"total_volume\":5,";
        return string.Create(CultureInfo.InvariantCulture, $$"""
            {"id":"coin-{{number}}","symbol":"c{{number}}","name":"Coin {{number}}","current_price":{{price:R}},
             "market_cap":{{price * 1000:R}},"market_cap_rank":1,{{volume}}"last_updated":"2026-01-01T00:{{run:00}}:00Z"}
            """);
    }
}
