using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Kasparro.Data.Runs;
using Kasparro.Ingestion;
using Kasparro.Ingestion.Loading;
using Kasparro.Ingestion.Matching;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Sources;
using Kasparro.Ingestion.Sources.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kasparro.Benchmarks.Identity;

/// <summary>
/// Resolves the listings of the configured upstreams in memory, and compares the result with the truth that the simulator knows (<c>--truth
/// http://…/truth</c>).
/// </summary>
internal static class IdentityReportCommand
{
    private const double MinPrecision = 0.999;
    private const double MinRecall = 0.998;
    private const int LeastConfident = 20;

    /// <returns>0 if precision and recall are sufficient, 1 if not, 2 if the command line is wrong.</returns>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddCommandLine(args, new Dictionary<string, string>(StringComparer.Ordinal) { ["--truth"] = "truth" });
        if (!Uri.TryCreate(builder.Configuration["truth"], UriKind.Absolute, out var truthUrl))
        {
            return Usage.Print();
        }

        // Only the simulator knows a truth, and calls to it count towards no budget: neither Postgres nor Redis is used.
        builder.Configuration[$"{UpstreamKind.Section}:{nameof(UpstreamKind.Kind)}"] = "simulated";
        builder.AddSources();
        builder.Services.AddLoading();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        using var host = builder.Build();
        host.CheckSettings();
        using var http = new HttpClient();
        var truth = await ReadTruthAsync(http, truthUrl, cancellationToken);
        var listings = await ReadListingsAsync(host.Services.GetServices<ISource>(), cancellationToken);
        var partition = EntityResolution.Resolve(listings, PriceAgreement.None, host.Services.GetRequiredService<MatchOverrides>());
        return Print(listings, partition, truth, Console.Out) ? 0 : 1;
    }

    /// <summary>Prints the report, and returns whether precision and recall are sufficient.</summary>
    internal static bool Print(
        IReadOnlyCollection<CandidateListing> listings, Clustering partition, IReadOnlySet<(string CoinPaprika, string CoinGecko)> truth,
        TextWriter output)
    {
        var united = new Dictionary<(string CoinPaprika, string CoinGecko), MatchDecision>();
        var decisions = partition.Decisions.Where(decision => decision.Unites).ToDictionary(decision => (decision.Left, decision.Right));
        var weakest = decisions.Values.GroupBy(decision => partition.Assets[decision.Left.ListingId])
            .ToDictionary(asset => asset.Key, asset => asset.Min(decision => decision.Confidence));
        foreach (var asset in listings.GroupBy(listing => partition.Assets[listing.ListingId]))
        {
            foreach (var left in asset.Where(listing => listing.Source == SourceNames.CoinPaprika))
            {
                foreach (var right in asset.Where(listing => listing.Source == SourceNames.CoinGecko))
                {
                    // Two listings that are only united through a third are as certain as the asset's weakest merge.
                    united.Add((left.ExternalId, right.ExternalId), decisions.GetValueOrDefault((left, right))
                        ?? new(left, right, "transitive", Reason: null, weakest[asset.Key], []));
                }
            }
        }

        var hits = united.Keys.Count(truth.Contains);
        var precision = united.Count == 0 ? 1 : (double)hits / united.Count;
        var recall = truth.Count == 0 ? 1 : (double)hits / truth.Count;
        Line($"{listings.Count} listings, {truth.Count} true pairs, {truth.Count - hits} missed");
        Line($"{united.Count} pairs united, {united.Count - hits} of them wrong");
        Line($"precision {precision:P3} (at least {MinPrecision:P1}), recall {recall:P3} (at least {MinRecall:P1})");
        Line($"{"rule",-20}{"merges",8}{"wrong",8}");
        foreach (var rule in united.GroupBy(pair => pair.Value.Rule, StringComparer.Ordinal).OrderByDescending(rule => rule.Count()))
        {
            Line($"{rule.Key,-20}{rule.Count(),8}{rule.Count(pair => !truth.Contains(pair.Key)),8}");
        }

        Line($"the {LeastConfident} least confident:");
        foreach (var ((paprika, gecko), decision) in united.OrderBy(pair => pair.Value.Confidence)
            .ThenBy(pair => pair.Key.CoinPaprika, StringComparer.Ordinal).Take(LeastConfident))
        {
            var verdict = truth.Contains((paprika, gecko)) ? "right" : "WRONG";
            Line($"  {decision.Confidence:0.00} {verdict} {decision.Rule}: {paprika} = {gecko} ({string.Join("; ", decision.Evidence)})");
        }

        var wrong = united.Keys.Where(pair => !truth.Contains(pair)).Take(LeastConfident).ToList();
        var missed = truth.Where(pair => !united.ContainsKey(pair)).OrderBy(pair => pair.CoinPaprika, StringComparer.Ordinal)
            .Take(LeastConfident).ToList();
        Line($"wrong: {(wrong.Count == 0 ? "none" : string.Join(", ", wrong))}");
        Line($"missed, the first: {(missed.Count == 0 ? "none" : string.Join(", ", missed))}");
        return precision >= MinPrecision && recall >= MinRecall;

        void Line(FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
    }

    private static async Task<HashSet<(string CoinPaprika, string CoinGecko)>> ReadTruthAsync(
        HttpClient http, Uri url, CancellationToken cancellationToken)
    {
        var pairs = new HashSet<(string, string)>();
        await foreach (var pair in http.GetFromJsonAsAsyncEnumerable(url, UpstreamJson.Default.JsonElement, cancellationToken))
        {
            pairs.Add((Text(pair, "coinpaprika_id"), Text(pair, "coingecko_id")));
        }

        return pairs;

        static string Text(JsonElement pair, string field) =>
            pair.GetProperty(field).GetString() ?? throw new InvalidOperationException($"A pair of the truth has no {field}.");
    }

    /// <summary>Reads what an ingestion would read, through its own streams; the newest record of a listing is used.</summary>
    private static async Task<IReadOnlyList<CandidateListing>> ReadListingsAsync(
        IEnumerable<ISource> sources, CancellationToken cancellationToken)
    {
        var records = new Dictionary<(string Source, string Id), SourceRecord>();
        var contracts = new Dictionary<(string Source, string Id), HashSet<TokenContract>>();
        var markets = new Dictionary<Guid, PriceObservation>();
        foreach (var source in sources.Where(source => source.Name != SourceNames.Csv))
        {
            foreach (var stream in source.GetStreams(new IngestionRequest(RunTrigger.Command, [])))
            {
                await foreach (var page in stream.ReadAsync(ResumePoint.Start, cancellationToken))
                {
                    foreach (var record in page.Records)
                    {
                        var key = (source.Name, record.ExternalId);
                        if (stream.Kind is RecordKind.Profile)
                        {
                            records[key] = record;
                        }
                        else if (stream.Kind is RecordKind.Quote)
                        {
                            records.TryAdd(key, record);
                            markets[StableId.ForListing(key.Name, key.ExternalId)] =
                                new(record.PriceUsd, record.MarketCapUsd, record.CirculatingSupply, record.QuotedAt);
                        }

                        if (record.Contracts is { } named)
                        {
                            contracts.TryAdd(key, []);
                            contracts[key].UnionWith(named);
                        }
                    }
                }
            }
        }

        return
        [
            .. records.Select(entry => new CandidateListing(
                StableId.ForListing(entry.Key.Source, entry.Key.Id), entry.Key.Source, entry.Key.Id, entry.Value.Symbol, entry.Value.Name,
                entry.Value.IsActive ?? true, DateTimeOffset.UnixEpoch, contracts.GetValueOrDefault(entry.Key),
                market: markets.GetValueOrDefault(StableId.ForListing(entry.Key.Source, entry.Key.Id)))),
        ];
    }
}
