using System.Runtime.CompilerServices;
using System.Text.Json;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Sources.Drift;
using Kasparro.Ingestion.Sources.Http;
using Microsoft.Extensions.Options;

namespace Kasparro.Ingestion.Sources.CoinPaprika;

/// <summary>Reads CoinPaprika's REST API, v1. Its lists are not paged: each is a single response.</summary>
internal sealed partial class CoinPaprikaClient(
    HttpClient http, IOptions<CoinPaprikaOptions> options, IOptions<SchemaDriftOptions> drift, TimeProvider time,
    ILogger<CoinPaprikaClient> logger)
{
    /// <summary>All coins: their profiles.</summary>
    public IAsyncEnumerable<SourcePage> ReadCoinsAsync(CancellationToken cancellationToken) =>
        ReadListAsync("coins", CoinPaprikaRecords.MapCoin, CoinPaprikaSchemas.Coins, cancellationToken);

    /// <summary>The tickers: each coin's price in USD.</summary>
    public IAsyncEnumerable<SourcePage> ReadTickersAsync(CancellationToken cancellationToken) =>
        ReadListAsync("tickers?quotes=USD", CoinPaprikaRecords.MapTicker, CoinPaprikaSchemas.Tickers, cancellationToken);

    /// <summary>
    /// The platforms' contracts, one platform per page, ordered by platform id. A resumed reading continues with the next platform, unless
    /// the platforms have changed. A platform whose contracts are refused is passed over, and keeps the contracts that it has.
    /// </summary>
    public IAsyncEnumerable<SourcePage> ReadContractsAsync(ResumePoint from, CancellationToken cancellationToken) =>
        ResumingReader.ReadAsync(
            SourceNames.CoinPaprika, start => ReadPlatformPagesAsync(start, cancellationToken), from, options.Value, time, logger,
            cancellationToken);

    /// <summary>The prices of a coin in a past window.</summary>
    /// <exception cref="UpstreamRefusedException">There is no such coin, or the plan does not cover the window.</exception>
    public async Task<PriceHistory> ReadHistoryAsync(
        string externalId, HistoryWindow window, string interval, CancellationToken cancellationToken)
    {
        var route = CoinPaprikaHistory.Route(externalId, window, interval);
        var history = new HistoryBuilder(window);
        using var response = await http.GetJsonAsync(route, cancellationToken);
        await foreach (var point in response.ReadArrayAsync(route, options.Value, time, cancellationToken))
        {
            CoinPaprikaHistory.Read(point, history);
        }

        return history.Build();
    }

    private IAsyncEnumerable<SourcePage> ReadListAsync(
        string route, Action<JsonElement, RecordBuilder> map, ExpectedSchema schema, CancellationToken cancellationToken) =>
        new UnpagedListReader(
            SourceNames.CoinPaprika, http, route, map, options.Value.PageSize, () => new(schema, drift.Value), options.Value, time,
            logger).ReadAsync(cancellationToken);

    private async IAsyncEnumerable<SourcePage> ReadPlatformPagesAsync(
        ResumePoint from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var platforms = await ReadPlatformsAsync(cancellationToken);
        if (platforms.Count == 0 && from.Page > 0)
        {
            throw new SourceException($"GET contracts is empty, where this reading has had {from.Records} records.");
        }

        var identity = GetIdentity(platforms);
        var records = from.ContentIdentity == identity ? from.Records : 0;
        for (var number = from.ContentIdentity == identity ? from.Page : 0; number < platforms.Count; number++)
        {
            var platform = PlatformMap.Canonical(SourceNames.CoinPaprika, platforms[number]);
            var route = $"contracts/{Uri.EscapeDataString(platforms[number])}";
            var page = new JsonPageBuilder(
                SourceNames.CoinPaprika,
                (contract, draft) => CoinPaprikaRecords.MapContract(platform, contract, draft),
                new ResumePoint(number, records, identity),
                time.GetUtcNow());
            try
            {
                using var response = await http.GetJsonAsync(route, cancellationToken);
                await foreach (var element in response.ReadArrayAsync(route, options.Value, time, cancellationToken))
                {
                    page.Add(element);
                }
            }
            catch (UpstreamRefusedException e)
            {
                page.Refuse(platforms[number], e.Message);
                Log.PassedOver(logger, platforms[number], e.Message);
            }

            // If two of the source's platforms map to the same one, no page has all of its contracts.
            var isAlone = platforms.Count(other => PlatformMap.Canonical(SourceNames.CoinPaprika, other) == platform) == 1;
            var taken = page.Take(isAlone ? platform : null);
            records = taken.RecordsThrough;
            yield return taken;
        }
    }

    private async Task<IReadOnlyList<string>> ReadPlatformsAsync(CancellationToken cancellationToken)
    {
        const string Route = "contracts";
        var platforms = new SortedSet<string>(StringComparer.Ordinal);
        using var response = await http.GetJsonAsync(Route, cancellationToken);
        await foreach (var element in response.ReadArrayAsync(Route, options.Value, time, cancellationToken))
        {
            platforms.Add(JsonRecord.TextOrNull(element) is { Length: > 0 } platform
                ? platform
                : throw new SourceException($"GET {Route} answered with {JsonRecord.Describe(element)} where a platform's id should be."));
        }

        return [.. platforms];
    }

    private static string GetIdentity(IReadOnlyList<string> platforms)
    {
        var hash = new ContentHasher();
        foreach (var platform in platforms)
        {
            hash.Add(platform);
        }

        return hash.Finish().ToString();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "coinpaprika/contracts: {Platform} is passed over and keeps its known contracts: {Reason}")]
        public static partial void PassedOver(ILogger logger, string platform, string reason);
    }
}
