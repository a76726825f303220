using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Sources.Drift;
using Kasparro.Ingestion.Sources.Http;
using Microsoft.Extensions.Options;

namespace Kasparro.Ingestion.Sources.CoinGecko;

/// <summary>Reads CoinGecko's REST API, v3.</summary>
internal sealed class CoinGeckoClient(
    HttpClient http, IOptions<CoinGeckoOptions> options, IOptions<SchemaDriftOptions> drift, TimeProvider time,
    ILogger<CoinGeckoClient> logger)
{
    private const string TotalHeader = "total";

    /// <summary>
    /// The market pages after <paramref name="from"/>, by market capitalisation. Coins move between pages during a reading, so one may come
    /// twice, and one that is missed comes with the next run.
    /// </summary>
    public IAsyncEnumerable<SourcePage> ReadMarketsAsync(ResumePoint from, CancellationToken cancellationToken)
    {
        var repeated = new RepeatedPageDetector();
        return ResumingReader.ReadAsync(
            SourceNames.CoinGecko, start => ReadMarketPagesAsync(repeated, start, mayStartOver: start == from, cancellationToken), from,
            options.Value, time, logger, cancellationToken);
    }

    /// <summary>All coins and their contracts.</summary>
    public IAsyncEnumerable<SourcePage> ReadListAsync(CancellationToken cancellationToken) =>
        ReadListAsync("coins/list?include_platform=true", CoinGeckoRecords.MapListed, cancellationToken);

    /// <summary>All platforms, with their chain ids and native coins.</summary>
    public IAsyncEnumerable<SourcePage> ReadPlatformsAsync(CancellationToken cancellationToken) =>
        ReadListAsync("asset_platforms", CoinGeckoRecords.MapPlatform, cancellationToken);

    /// <summary>The price of one bitcoin in each currency.</summary>
    /// <exception cref="SourceException">The response cannot be read.</exception>
    public async IAsyncEnumerable<SourcePage> ReadRatesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        const string Route = "exchange_rates";
        using var response = await http.GetJsonAsync(Route, cancellationToken);
        using var rates = await response.ReadObjectAsync(Route, options.Value, time, cancellationToken);
        yield return CoinGeckoRates.Read(rates.RootElement, time.GetUtcNow());
    }

    /// <summary>The prices of a coin in a past window.</summary>
    /// <exception cref="UpstreamRefusedException">There is no such coin, or the plan does not cover the window.</exception>
    public async Task<PriceHistory> ReadHistoryAsync(string externalId, HistoryWindow window, CancellationToken cancellationToken)
    {
        var route = CoinGeckoHistory.Route(externalId, window);
        using var response = await http.GetJsonAsync(route, cancellationToken);
        using var chart = await response.ReadObjectAsync(route, options.Value, time, cancellationToken);
        return CoinGeckoHistory.Read(chart.RootElement, window);
    }

    /// <summary>
    /// Ends after a page that is not full, or at an empty page that is still empty when requested again. A resumed reading that gets no
    /// page starts over, if allowed: the first page shows whether it had ended or the upstream is currently empty.
    /// </summary>
    /// <exception cref="SourceException">A page repeats an earlier one, or is empty although there should be coins.</exception>
    private async IAsyncEnumerable<SourcePage> ReadMarketPagesAsync(
        RepeatedPageDetector repeated, ResumePoint from, bool mayStartOver, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var records = from.Records;
        var schema = new SchemaDriftDetector(CoinGeckoSchemas.Markets, drift.Value);
        for (var number = from.Page; options.Value.MaxPages == 0 || number < options.Value.MaxPages; number++)
        {
            var point = new ResumePoint(number, records, ContentIdentity: null);
            var (page, total) = await ReadMarketPageAsync(point, schema, cancellationToken);
            if (page is null)
            {
                (page, total) = await ReadMarketPageAsync(point, schema, cancellationToken); // A page is sometimes empty for a moment.
            }

            if (page is null && total > (long)number * options.Value.PageSize)
            {
                throw new SourceException($"GET {MarketsRoute(number)} is empty, where the upstream says that there are {total} coins.");
            }

            if (page is null && total is null && mayStartOver && number > 0 && number == from.Page)
            {
                var isEmpty = true;
                await foreach (var again in ReadMarketPagesAsync(repeated, ResumePoint.Start, mayStartOver: false, cancellationToken))
                {
                    isEmpty = false;
                    yield return again;
                }

                if (isEmpty)
                {
                    throw new SourceException($"GET {MarketsRoute(0)} is empty, where this reading has had {records} records.");
                }
            }

            if (page is null)
            {
                yield break;
            }

            if (repeated.IsRepeated(page))
            {
                throw new SourceException(
                    $"GET {MarketsRoute(number)} repeats an earlier page: the upstream, or a cache before it, ignores the page's number.");
            }

            var count = page.RecordsThrough - records;
            records = page.RecordsThrough;
            yield return page;
            if (count < options.Value.PageSize && !(total > records))
            {
                yield break;
            }
        }
    }

    private IAsyncEnumerable<SourcePage> ReadListAsync(
        string route, Action<JsonElement, RecordBuilder> map, CancellationToken cancellationToken) =>
        new UnpagedListReader(
            SourceNames.CoinGecko, http, route, map, options.Value.ListPageSize, schema: null, options.Value, time, logger)
            .ReadAsync(cancellationToken);

    /// <summary>A page, or null if it is empty, and the total number of coins, if the upstream reports it.</summary>
    private async Task<(SourcePage? Page, long? Total)> ReadMarketPageAsync(
        ResumePoint from, SchemaDriftDetector schema, CancellationToken cancellationToken)
    {
        var route = MarketsRoute(from.Page);
        using var response = await http.GetJsonAsync(route, cancellationToken);
        var page = new JsonPageBuilder(SourceNames.CoinGecko, CoinGeckoRecords.MapMarket, from, time.GetUtcNow(), schema);
        await foreach (var element in response.ReadArrayAsync(route, options.Value, time, cancellationToken))
        {
            page.Add(element);
        }

        long? total = response.Headers.TryGetValues(TotalHeader, out var values)
            && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        return (page.Count == 0 ? null : page.Take(), total);
    }

    private string MarketsRoute(int page) =>
        $"coins/markets?vs_currency=usd&order=market_cap_desc&per_page={options.Value.PageSize}&page={page + 1}";
}
