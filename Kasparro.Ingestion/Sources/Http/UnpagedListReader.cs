using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Sources.Drift;

namespace Kasparro.Ingestion.Sources.Http;

/// <summary>
/// Reads a list that is sent as one response and divides it into pages. If the response breaks off, the list is requested again, and
/// records that were already returned are recognised by their content and skipped, since the upstream may have reordered the list.
/// </summary>
/// <param name="source">The source of the list.</param>
/// <param name="http">Sends the request.</param>
/// <param name="route">The list's route.</param>
/// <param name="map">Maps a record's fields.</param>
/// <param name="pageSize">The number of records per page.</param>
/// <param name="schema">Observes the shape of the records of one response; null if no schema is known.</param>
/// <param name="options">The upstream's settings.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Logs each time that the list is requested again.</param>
internal sealed class UnpagedListReader(
    string source,
    HttpClient http,
    string route,
    Action<JsonElement, RecordBuilder> map,
    int pageSize,
    Func<SchemaDriftDetector>? schema,
    UpstreamOptions options,
    TimeProvider time,
    ILogger logger)
{
    private readonly HashSet<ulong> _handedOver = [];
    private readonly List<ulong> _ofThisResponse = [];

    /// <summary>The pages of the whole list.</summary>
    public IAsyncEnumerable<SourcePage> ReadAsync(CancellationToken cancellationToken) =>
        ResumingReader.ReadAsync(
            source, start => ReadResponseAsync(start, cancellationToken), ResumePoint.Start, options, time, logger, cancellationToken);

    private async IAsyncEnumerable<SourcePage> ReadResponseAsync(
        ResumePoint from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _handedOver.UnionWith(_ofThisResponse);
        _ofThisResponse.Clear();
        using var response = await http.GetJsonAsync(route, cancellationToken);
        var page = new JsonPageBuilder(source, map, from, time.GetUtcNow(), schema?.Invoke());
        var ofThisPage = new List<ulong>();
        await foreach (var element in response.ReadArrayAsync(route, options, time, cancellationToken))
        {
            var content = XxHash3.HashToUInt64(JsonMarshal.GetRawUtf8Value(element));
            if (_handedOver.Contains(content))
            {
                continue;
            }

            page.Add(element);
            ofThisPage.Add(content);
            if (page.Count == pageSize)
            {
                _ofThisResponse.AddRange(ofThisPage);
                ofThisPage.Clear();
                yield return page.Take();
            }
        }

        if (page.Count > 0)
        {
            yield return page.Take();
        }
    }
}
