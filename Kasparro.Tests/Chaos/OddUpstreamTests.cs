using Kasparro.Data.Runs;

namespace Kasparro.Tests.Chaos;

/// <summary>Upstreams, played by the simulator, that send what their documentation does not allow.</summary>
public sealed class OddUpstreamTests(ThreeSources sources) : IClassFixture<ThreeSources>
{
    [Fact]
    public async Task Content_is_that_of_an_undisturbed_run_once_an_upstream_is_well_again_and_each_failure_has_its_reason()
    {
        Odd[] all =
        [
            new(SourceNames.CoinGecko, """{"route":"/coins/markets","kind":"repeat-page","times":0}""", "repeats an earlier page"),
            new(SourceNames.CoinGecko, """{"route":"/coins/markets","kind":"repeat-page","page":3,"times":0,"afterRequests":4}""",
                "repeats an earlier page"),
            new(SourceNames.CoinGecko, """{"route":"/coins/markets","kind":"empty-list","afterRequests":3}""", null),
            new(SourceNames.CoinGecko, """{"route":"/coins/markets","kind":"content-encoding","times":0}""", "Content-Encoding"),
            new(SourceNames.CoinGecko, """{"route":"/coins/markets","kind":"content-encoding","encoding":"br","afterRequests":5}""", null),
            new(SourceNames.CoinGecko, """{"route":"/coins/list","kind":"cut-encoding","times":0}""", "GET coins/list"),
            new(SourceNames.CoinGecko, """{"route":"/coins/list","kind":"cut-encoding"}""", null),
            new(SourceNames.CoinGecko, """{"route":"/coins/list","kind":"bomb","bytes":20000000,"times":0}""", "MaxResponseBytes"),
            new(SourceNames.CoinPaprika, """{"route":"/tickers","kind":"reorder","times":0}""", null),
        ];
        var cases = all.TakeLast(ChaosRun.Count(sample: 3, full: all.Length)).ToList();
        foreach (var odd in cases)
        {
            await using var ingestion =
                await sources.CreateAsync(Cancellation, ("Sources:CoinGecko:MaxResponseBytes", "5000000"));
            await sources.FaultAsync(odd.Fault, Cancellation);
            var outcome = await ingestion.IngestAsync(Cancellation);
            await sources.HealAsync(Cancellation);

            Assert.All(outcome.Sources,
                source => Assert.Equal(source.Source == odd.Source && odd.Reason is not null, source.Status == RunStatus.Failed));
            Assert.Contains(
                odd.Reason ?? "", outcome.Sources.Single(source => source.Source == odd.Source).Error ?? "", StringComparison.Ordinal);
            Assert.True((await ingestion.IngestAsync(Cancellation)).Succeeded, odd.Fault);
            Assert.Equal(sources.Expected, await ingestion.ContentAsync(Cancellation));
            await sources.DropAsync(ingestion, Cancellation);
        }

        ChaosRun.Tell(
            $"odd upstreams: {cases.Count} kinds, {cases.Count(odd => odd.Reason is not null)} failed "
                + "with their reason, all as undisturbed afterwards");
    }

    [Fact]
    public async Task A_list_that_is_empty_where_it_was_not_changes_nothing()
    {
        await using var ingestion = await sources.CreateAsync(Cancellation);
        Assert.True((await ingestion.IngestAsync(Cancellation)).Succeeded);
        await sources.FaultAsync("""{"kind":"empty-list","times":0}""", Cancellation);

        var outcome = await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika, SourceNames.CoinGecko);
        await sources.HealAsync(Cancellation);

        Assert.All(outcome.Sources, source => Assert.Contains("the list is empty", source.Error, StringComparison.Ordinal));
        Assert.Equal(sources.Expected, await ingestion.ContentAsync(Cancellation));
        await sources.DropAsync(ingestion, Cancellation);
        ChaosRun.Tell("empty lists with status 200: both runs failed, nothing changed");
    }

    /// <param name="Source">The source whose run is affected.</param>
    /// <param name="Fault">The simulator's fault.</param>
    /// <param name="Reason">A part of the failed run's error; null if the run completes.</param>
    private sealed record Odd(string Source, string Fault, string? Reason);
}
