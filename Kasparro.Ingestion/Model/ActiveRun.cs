namespace Kasparro.Ingestion.Model;

/// <summary>The run that a page is loaded for.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Source">Its source.</param>
/// <param name="FencingToken">The fencing token under which it writes.</param>
internal sealed record ActiveRun(Guid RunId, string Source, long FencingToken);

/// <summary>Thrown when another worker has drawn a newer fencing token: this worker must not write anything more.</summary>
internal sealed class StaleFencingTokenException(long token, long newest)
    : Exception($"Fencing token {token} is stale: {newest} was drawn since. Another worker has taken over.");
