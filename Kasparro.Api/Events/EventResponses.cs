using System.ComponentModel;

namespace Kasparro.Api.Events;

[Description("The catalogue has a new version.")]
internal sealed record CatalogueEvent(
    [property: Description("The version.")] long Version,
    [property: Description("When it was committed, UTC.")] DateTime ChangedAt);

[Description("A run started, moved on or ended.")]
internal sealed record RunEvent(
    [property: Description("The run.")] Guid RunId,
    [property: Description("The ingestion that it is a part of.")] Guid IngestionId,
    [property: Description("Its source.")] string Source,
    [property: Description("running, completed, failed, interrupted, cancelled or lost_lock.")] string Status,
    [property: Description("When it started, UTC.")] DateTime StartedAt,
    [property: Description("When it ended, UTC; null while it runs.")] DateTime? FinishedAt,
    [property: Description("Pages committed.")] int Pages,
    [property: Description("Records read.")] long RecordsRead);

[Description("Nothing happened for a while; the connection lives.")]
internal sealed record HeartbeatEvent([property: Description("The time here, UTC.")] DateTime Time);
