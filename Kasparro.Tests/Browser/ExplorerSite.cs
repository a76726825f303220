using System.Globalization;
using Kasparro.Data.Runs;
using Kasparro.Ingestion.Logos;
using Kasparro.Ingestion.Postgres;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Kasparro.Tests.Browser;

/// <summary>The explorer on a simulated catalogue with history: six hours of runs, some of them odd, and a year of prices.</summary>
public sealed class ExplorerSite(BackingServices services) : BrowserSite
{
    private static readonly TimeSpan Between = TimeSpan.FromMinutes(10);
    private static readonly string[] Sources = [SourceNames.CoinPaprika, SourceNames.CoinGecko, SourceNames.Csv];

    private SimulatedCatalogue? _catalogue;
    private ApiHarness? _api;

    public override Uri Url => _api!.Client.BaseAddress!;

    /// <summary>The newest run that is reviewed as odd.</summary>
    public Guid OddRun { get; private set; }

    /// <summary>The path of the page of an asset with history.</summary>
    public string AssetPath { get; private set; } = "";

    protected override async Task StartAsync(CancellationToken cancellationToken)
    {
        _catalogue = await SimulatedCatalogue.CreateAsync(services, assets: 300, cancellationToken);
        var ingestion = _catalogue.Ingestion;
        await ingestion.Host.Services.GetRequiredService<LogoFetcher>().FetchDueAsync(cancellationToken);
        await InventPricesAsync(ingestion, cancellationToken);
        await InventRunsAsync(ingestion, cancellationToken);
        AssetPath = $"/explore/assets/{await ingestion.ScalarAsync<Guid>("SELECT asset_id FROM assets "
            + "WHERE symbol_key = 'BTC' ORDER BY rank LIMIT 1", cancellationToken)}";

        _api = await ApiHarness.StartOnAsync(_catalogue.Connections.Catalogue, _catalogue.Connections.Cache, cancellationToken);
        await _api.SubscribedAsync(cancellationToken);
    }

    /// <summary>Moves all prices and ingests all sources.</summary>
    internal Task MoveMarketAsync(CancellationToken cancellationToken) => _catalogue!.MoveAsync(cancellationToken);

    protected override async Task StopAsync()
    {
        await (_api?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_catalogue?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    // A random walk back from each listing's price, in steps of an hour, and of ten minutes on the last day. Reproducible.
    private static async Task InventPricesAsync(IngestionHarness ingestion, CancellationToken cancellationToken)
    {
        var now = DateTimeOffset.UtcNow;
        await ingestion.Host.Services.GetRequiredService<Partitions>()
            .EnsureAsync(Partitions.Quotes, Enumerable.Range(0, 54).Select(week => now.AddDays(-7 * week)), cancellationToken);
        await ingestion.ExecuteAsync(
            """
            SELECT setseed(0.25);
            INSERT INTO quotes (listing_id, quoted_at, price_usd, market_cap_usd, volume_24h_usd, run_id)
            SELECT listing_id, moment, price_usd * exp(sum((random() - 0.5) * size) OVER (PARTITION BY listing_id ORDER BY moment DESC)),
                   market_cap_usd, volume_24h_usd, gen_random_uuid()
            FROM (
                SELECT l.*, moment, CASE WHEN moment > now() - interval '1 day' THEN 0.006 ELSE 0.016 END AS size
                FROM (SELECT * FROM listings WHERE price_usd > 0 AND symbol_key IN ('BTC', 'ETH', 'SOL') ORDER BY listing_id) l,
                LATERAL (
                    SELECT generate_series(now() - interval '1 day', now() - interval '50 minutes', interval '10 minutes')
                    UNION ALL SELECT generate_series(now() - interval '1 year', now() - interval '25 hours', interval '1 hour')
                ) AS series (moment)
                ORDER BY listing_id, moment DESC) steps
            ON CONFLICT DO NOTHING
            """, cancellationToken);
        await CandleSeed.RollUpAsync(ingestion.Database, DateOnly.FromDateTime(now.UtcDateTime), cancellationToken);
    }

    private async Task InventRunsAsync(IngestionHarness ingestion, CancellationToken cancellationToken)
    {
        const int Ingestions = 36;
        var random = new Random(7);
        var rows = new List<object>();
        var newest = DateTimeOffset.UtcNow;
        await using var catalogue = CatalogueSeed.Open(ingestion.Settings["ConnectionStrings:kasparro"]!);
        var real = await catalogue.IngestionRuns.AsNoTracking()
            .ToDictionaryAsync(run => run.Source, StringComparer.Ordinal, cancellationToken);
        for (var number = Ingestions; number > 0; number--)
        {
            var start = newest - (number * Between);
            var ingestionId = Guid.CreateVersion7(start);
            foreach (var source in Sources)
            {
                var run = Invent(number, real[source], ingestionId, start, random);
                rows.Add(run);
                start = run.FinishedAt!.Value.AddMilliseconds(40);
                if (number == 12 && source == SourceNames.CoinPaprika)
                {
                    OddRun = run.RunId;
                    rows.AddRange(OddDetails(run));
                }
            }
        }

        await CatalogueSeed.CommitAsync(ingestion.Settings["ConnectionStrings:kasparro"]!, rows, cancellationToken);
    }

    // A copy of the real run, except for its duration and prices, which vary between runs.
    private static IngestionRun Invent(int number, IngestionRun real, Guid ingestionId, DateTimeOffset start, Random random)
    {
        var (source, read) = (real.Source, real.RecordsRead);
        var run = new IngestionRun
        {
            RunId = Guid.CreateVersion7(start),
            IngestionId = ingestionId,
            Source = source,
            Trigger = number % 17 == 5 ? "request" : "schedule",
            Upstreams = "simulated",
            Status = RunStatus.Completed,
            StartedAt = start,
            FinishedAt = start.AddSeconds(0.04 * Math.Pow(10, 2 * random.NextDouble())),
            Pages = real.Pages,
            RecordsRead = read,
            Unchanged = source == SourceNames.Csv ? read : read / 10,
            Updated = source == SourceNames.Csv ? 0 : read - (read / 10),
            Quoted = real.Quoted,
            Priced = real.Priced,
            WithMarketCap = real.WithMarketCap,
            WithVolume = real.WithVolume,
            PositivePrices = real.PositivePrices,
            LogPriceSum = real.LogPriceSum + (real.PositivePrices * 0.004 * random.NextDouble()),
            FromPage = real.FromPage,
            ToPage = real.ToPage,
            LoadMs = 30,
            UpstreamCalls = source == SourceNames.Csv ? 0 : 7,
        };
        switch ((number, source))
        {
            case (29, SourceNames.CoinGecko):
                run.Status = RunStatus.Failed;
                run.FinishedAt = run.StartedAt.AddSeconds(31);
                run.Error = "CoinGecko answered 503 (Service Unavailable) to /coins/markets, four times in 30 s.";
                break;
            case (21, SourceNames.CoinGecko):
                run.Status = RunStatus.Interrupted;
                run.Error = "Its worker ended without finishing it.";
                break;
            case (12, SourceNames.CoinPaprika):
                (run.RecordsRead, run.Updated, run.Unchanged, run.Rejected) = (read / 2, (read / 2) - 30, 24, 6);
                (run.Quoted, run.Priced, run.WithMarketCap, run.WithVolume) = (real.Quoted / 2, real.Priced / 2, real.WithMarketCap / 2, 3);
                break;
            case (4, SourceNames.CoinGecko):
                run.LogPriceSum += 3 * run.PositivePrices;
                break;
            default:
                break;
        }

        return run;
    }

    private static IEnumerable<object> OddDetails(IngestionRun run)
    {
        yield return new Checkpoint
        {
            Source = run.Source,
            Stream = "tickers of a former plan",
            RunId = run.RunId,
            Page = 2,
            Records = run.RecordsRead,
            IsComplete = true,
            StartedAt = run.StartedAt,
            UpdatedAt = run.StartedAt,
        };
        yield return new SchemaDrift
        {
            RunId = run.RunId,
            Source = run.Source,
            Stream = "tickers",
            Path = "quotes.USD.volume_24h",
            Kind = DriftKind.Renamed,
            Expected = "number",
            RenamedTo = "quotes.USD.volume",
            Confidence = 0.93,
            Occurrences = 147,
            Policy = "warn",
            DetectedAt = run.StartedAt,
        };
        for (var position = 1; position <= 6; position++)
        {
            yield return new RejectedRecord
            {
                Source = run.Source,
                Stream = "tickers",
                Fingerprint = Guid.NewGuid(),
                RunId = run.RunId,
                Position = position,
                ExternalId = string.Create(CultureInfo.InvariantCulture, $"coin-{position}"),
                Reason = position % 3 == 0 ? "bad_number" : "missing_field",
                Detail = "symbol is missing",
                Payload = "{}",
                RejectedAt = run.StartedAt,
            };
        }
    }
}
