namespace Kasparro.Ingestion.Model;

/// <summary>The run that a page is loaded for.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Source">Its source.</param>
/// <param name="FencingToken">The token under which it writes.</param>
internal sealed record ActiveRun(Guid RunId, string Source, long FencingToken);

/// <summary>Another worker drew a newer fencing token: this one may write nothing more.</summary>
internal sealed class StaleFencingTokenException(long token, long newest)
    : Exception($"Fencing token {token} is stale: {newest} was drawn since. Another worker has taken over.");
