using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Sources.Drift;

namespace Kasparro.Ingestion.Sources;

/// <summary>Builds pages from JSON elements: maps, validates and hashes each record, and keeps count.</summary>
/// <param name="source">The source of the records.</param>
/// <param name="map">Maps an upstream's fields to a record; the element is an object.</param>
/// <param name="from">Where the reading continues.</param>
/// <param name="fetchedAt">When the upstream responded.</param>
/// <param name="schema">Observes the records' shape; null if no schema is known.</param>
internal sealed class JsonPageBuilder(
    string source,
    Action<JsonElement, RecordBuilder> map,
    ResumePoint from,
    DateTimeOffset fetchedAt,
    SchemaDriftDetector? schema = null)
{
    private const int MaxRejectedPayload = 8192;

    private readonly ContentHasher _hash = new();
    private readonly DriftTally _drifts = schema?.Tally ?? new DriftTally("", "", new SchemaDriftOptions());
    private List<SourceRecord> _records = [];
    private List<Rejection> _rejections = [];
    private int _page = from.Page;
    private int _taken;
    private long _position = from.Records;

    /// <summary>The number of records in the page so far, valid or not.</summary>
    public int Count => _records.Count + _rejections.Count;

    /// <summary>The number of invalid records in the page so far.</summary>
    public int RejectedCount => _rejections.Count;

    public void Add(JsonElement element)
    {
        _position++;
        var draft = new RecordBuilder(source, fetchedAt);
        var payload = JsonMarshal.GetRawUtf8Value(element);
        var hash = JsonRecord.HashAndVet(element, payload, _hash, draft, out var shape);
        if (element.ValueKind is not JsonValueKind.Object)
        {
            draft.Reject(RejectionReason.WrongType, $"the record is {JsonRecord.Describe(element)}, not an object.");
        }
        else if (draft.Reason is null)
        {
            if (schema?.Observe(element, shape.Value) is { } drift)
            {
                draft.Reject(RejectionReason.SchemaDrift, drift);
            }

            map(element, draft); // Only now: field names of a rejected record may not be decodable.
            if (_drifts.Add(draft.Unusable) is { } unusable)
            {
                draft.Reject(RejectionReason.SchemaDrift, unusable);
            }
        }

        if (draft.TryBuild(hash, payload.ToArray(), out var record))
        {
            _records.Add(record);
        }
        else
        {
            var shown = payload.Length <= MaxRejectedPayload ? payload : payload[..MaxRejectedPayload];
            _rejections.Add(new(_position, draft.ExternalId, draft.Reason!, draft.Detail!, Encoding.UTF8.GetString(shown)));
        }
    }

    /// <summary>Adds a rejection for a list that the upstream refuses. It has no id, so nothing that is missing counts as gone.</summary>
    public void Refuse(string list, string reason) =>
        _rejections.Add(new(_position + 1, ExternalId: null, RejectionReason.Refused, reason, list));

    /// <summary>Returns the page of the records added since the last call.</summary>
    /// <param name="wholePlatform">See <see cref="SourcePage.WholePlatform"/>.</param>
    public SourcePage Take(string? wholePlatform = null)
    {
        var page = new SourcePage
        {
            Number = _page++,
            Records = _records,
            Rejections = _rejections,
            FetchedAt = fetchedAt.AddMicroseconds(_taken++), // Distinct per page: an id may recur, changed, in the same response.
            RecordsThrough = _position,
            Drifts = _drifts.Take(),
            ContentIdentity = from.ContentIdentity,
            WholePlatform = wholePlatform,
        };
        _records = [];
        _rejections = [];
        return page;
    }
}
