using System.Runtime.CompilerServices;
using System.Text.Json;
using Kasparro.Ingestion.Drift;
using Kasparro.Ingestion.Normalization;
using Kasparro.Ingestion.Sources.Http;
using Microsoft.Extensions.Options;

namespace Kasparro.Ingestion.Sources.CoinPaprika;

/// <summary>CoinPaprika's REST API, v1. Its lists are not paged: each is one answer, read as it arrives and cut into pages.</summary>
internal sealed class CoinPaprikaClient(HttpClient http, IOptions<CoinPaprikaOptions> options, IOptions<SchemaDriftOptions> drift, TimeProvider time)
{
    /// <summary>One list's pages after <paramref name="from"/>; what comes before is skipped unread.</summary>
    public IAsyncEnumerable<SourcePage> ReadListAsync(
        string route, Action<JsonElement, RecordDraft> map, ExpectedSchema schema, ResumePoint from, CancellationToken cancellationToken) =>
        BrokenAnswers.ReadOnAsync(start => ReadAnswerAsync(route, map, schema, start, cancellationToken), from, options.Value, time, cancellationToken);

    private async IAsyncEnumerable<SourcePage> ReadAnswerAsync(
        string route,
        Action<JsonElement, RecordDraft> map,
        ExpectedSchema schema,
        ResumePoint from,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await http.GetJsonAsync(route, cancellationToken);
        var page = new JsonPageBuilder(map, from, time.GetUtcNow(), new SchemaWatch(schema, drift.Value));
        var skip = from.Records;
        await foreach (var element in response.ReadArrayAsync(route, options.Value.BodyTimeout, time, cancellationToken))
        {
            if (skip-- > 0)
            {
                continue;
            }

            page.Add(element);
            if (page.Count == options.Value.PageSize)
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
