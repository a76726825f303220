using System.Runtime.CompilerServices;
using System.Text.Json;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Sources.Drift;
using Kasparro.Ingestion.Sources.Http;
using Microsoft.Extensions.Options;

namespace Kasparro.Ingestion.Sources.CoinGecko;

/// <summary>CoinGecko's REST API, v3.</summary>
internal sealed class CoinGeckoClient(HttpClient http, IOptions<CoinGeckoOptions> options, IOptions<SchemaDriftOptions> drift, TimeProvider time)
{
    /// <summary>
    /// The market pages after <paramref name="from"/>, by market capitalisation. The page after the last one is empty; coins move between
    /// pages while they are read, so one can come twice, and one that is missed comes with the next run.
    /// </summary>
    public IAsyncEnumerable<SourcePage> ReadMarketsAsync(
        Action<JsonElement, RecordBuilder> map, ResumePoint from, CancellationToken cancellationToken) =>
        ResumingReader.ReadOnAsync(start => ReadMarketPagesAsync(map, start, cancellationToken), from, options.Value, time, cancellationToken);

    private async IAsyncEnumerable<SourcePage> ReadMarketPagesAsync(
        Action<JsonElement, RecordBuilder> map, ResumePoint from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var records = from.Records;
        var schema = new SchemaDriftDetector(CoinGeckoSchemas.Markets, drift.Value);
        for (var number = from.Page; options.Value.MaxPages == 0 || number < options.Value.MaxPages; number++)
        {
            var route = $"coins/markets?vs_currency=usd&order=market_cap_desc&per_page={options.Value.PageSize}&page={number + 1}";
            using var response = await http.GetJsonAsync(route, cancellationToken);
            var page = new JsonPageBuilder(map, new ResumePoint(number, records, ContentIdentity: null), time.GetUtcNow(), schema);
            await foreach (var element in response.ReadArrayAsync(route, options.Value.BodyTimeout, time, cancellationToken))
            {
                page.Add(element);
            }

            if (page.Count == 0)
            {
                yield break;
            }

            var taken = page.Take();
            records = taken.RecordsThrough;
            yield return taken;
        }
    }

    /// <summary>All coins and their contracts: one response, read as it arrives and cut into pages.</summary>
    public IAsyncEnumerable<SourcePage> ReadListAsync(
        Action<JsonElement, RecordBuilder> map, ResumePoint from, CancellationToken cancellationToken) =>
        ResumingReader.ReadOnAsync(start => ReadListPagesAsync(map, start, cancellationToken), from, options.Value, time, cancellationToken);

    private async IAsyncEnumerable<SourcePage> ReadListPagesAsync(
        Action<JsonElement, RecordBuilder> map, ResumePoint from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        const string Route = "coins/list?include_platform=true";
        using var response = await http.GetJsonAsync(Route, cancellationToken);
        var page = new JsonPageBuilder(map, from, time.GetUtcNow());
        var skip = from.Records;
        await foreach (var element in response.ReadArrayAsync(Route, options.Value.BodyTimeout, time, cancellationToken))
        {
            if (skip-- > 0)
            {
                continue;
            }

            page.Add(element);
            if (page.Count == options.Value.ListPageSize)
            {
                yield return page.Take();
            }
        }

        if (page.Count > 0)
        {
            yield return page.Take();
        }
    }
}
