using System.Globalization;
using System.Text;

namespace Kasparro.Tests.Chaos;

/// <summary>Workers that are killed while they build candles.</summary>
public sealed class KilledRollupTests(BackingServices services)
{
    private const int Assets = 100;
    private const int Days = 100;
    private const int QuotesADay = 2;

    // Restores the quotes and marks all of them as not rolled up. In every other round most quotes count as late: these are merged, once,
    // and deleted.
    private const string Restore = """
        TRUNCATE quotes, hourly_candles, daily_candles;
        INSERT INTO quotes SELECT * FROM all_quotes;
        UPDATE ingestion_runs SET rolled_up_at = NULL;
        UPDATE candle_state SET quotes_from = CASE WHEN {0} THEN hours_from + interval '35 days' ELSE '-infinity' END;
        """;

    [Fact]
    public async Task Candles_are_what_a_plain_aggregate_says_wherever_a_worker_was_killed_while_making_them()
    {
        var points = ChaosRun.Count(sample: 2, full: 20);
        var folder = Directory.CreateTempSubdirectory("kasparro-chaos-");
        try
        {
            var file = Path.Combine(folder.FullName, "history.csv");
            await File.WriteAllTextAsync(file, CsvText(), Cancellation);
            await using var ingestion = await IngestionHarness.CreateAsync(
                services, "http://127.0.0.1:9/", Cancellation, ("Sources:Csv:Path", file));
            Assert.True((await ingestion.IngestAsync(Cancellation, SourceNames.Csv)).Succeeded);
            await ingestion.ExecuteAsync("CREATE TABLE all_quotes AS SELECT * FROM quotes", Cancellation);
            var candles = await CountAsync(ingestion);
            var random = new Random(ChaosRun.Seed);
            var midway = 0;
            for (var point = 0; point < points; point++)
            {
                await ingestion.ExecuteAsync(string.Format(CultureInfo.InvariantCulture, Restore, point % 2 == 1), Cancellation);
                midway += await KillAsync(ingestion, random.NextInt64(candles)) ? 1 : 0;
                await ThreeSources.ForgetLockAsync(ingestion);
                Assert.True((await ingestion.IngestAsync(Cancellation, SourceNames.Csv)).Succeeded);
                Assert.Empty(await QuoteRuns.FindDifferencesAsync(ingestion.Database, "all_quotes", Cancellation));
                Assert.Equal(candles, await CountAsync(ingestion));
                Assert.Equal(0L, await ingestion.ScalarAsync<long>(
                    "SELECT count(*) FROM ingestion_runs WHERE quotes_from IS NOT NULL AND rolled_up_at IS NULL", Cancellation));
            }

            Assert.True(midway > 0, "No worker was killed while it made candles.");
            ChaosRun.Tell(
                $"kill -9: {points} workers killed while they made {candles} candles ({midway} midway): each as a plain aggregate says");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Starts a worker and kills it once this many candles exist; returns whether it left quotes that are not rolled up.</summary>
    private static async Task<bool> KillAsync(IngestionHarness ingestion, long candles)
    {
        using var worker = IngestionProcess.Start(ingestion.Settings, Cancellation, "ingest", "--source", "csv");
        var ended = worker.WaitAsync(Cancellation);
        while (!ended.IsCompleted && await CountAsync(ingestion) <= candles)
        {
            await Task.Yield();
        }

        worker.Kill();
        await ended;
        return await ingestion.ScalarAsync<bool>(
            "SELECT EXISTS (SELECT FROM ingestion_runs WHERE quotes_from IS NOT NULL AND rolled_up_at IS NULL)", Cancellation);
    }

    private static Task<long> CountAsync(IngestionHarness ingestion) => ingestion.ScalarAsync<long>(
        "SELECT (SELECT count(*) FROM hourly_candles) + (SELECT coalesce(sum(cardinality(quotes)), 0) FROM daily_candles)", Cancellation);

    private static string CsvText()
    {
        var text = new StringBuilder("id,symbol,name,price_usd,market_cap,updated_at\n");
        var today = DateTimeOffset.UtcNow.UtcDateTime.Date;
        for (var n = 0; n < Assets * Days * QuotesADay; n++)
        {
            var (asset, step) = (n % Assets, n / Assets);
            var time = today.AddDays(-(step / QuotesADay) - 1).AddHours(7 + (3.4 * (step % QuotesADay)));
            text.AppendLine(string.Create(
                CultureInfo.InvariantCulture,
                $"row{asset},S{asset},Name {asset},{1 + (n * 7919 % 1000)},{n},{time:yyyy-MM-ddTHH:mm:ssZ}"));
        }

        return text.ToString();
    }
}
