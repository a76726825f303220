using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Matching;

/// <summary>Why two listings are, or are not, one asset.</summary>
/// <param name="Left">The listing of the source that comes first.</param>
/// <param name="Right">The other.</param>
/// <param name="Rule">The rule that unites them, or would (<see cref="MatchRule"/>).</param>
/// <param name="Reason">Why they are not united (<see cref="RefusalReason"/>); null if they are.</param>
/// <param name="Confidence">How likely a merge is right, 0–1; of a refusal, how likely it would have been right without it.</param>
/// <param name="Evidence">What they share, for people.</param>
internal sealed record MatchDecision(
    CandidateListing Left, CandidateListing Right, string Rule, string? Reason, double Confidence, IReadOnlyList<string> Evidence)
{
    public bool Unites => Reason is null;
}

/// <summary>Some listings in clusters, of which each is one asset.</summary>
/// <param name="Assets">Each listing's asset: the id of the listing that founded it.</param>
/// <param name="Decisions">Every merge, and every merge that was refused.</param>
/// <param name="Measured">What prices newly say about pairs of them.</param>
/// <param name="Crowded">Blocking keys that too many listings of one source have to say anything (<see
/// cref="BlockingKey.MaxOfSource"/>).</param>
internal sealed record Clustering(
    IReadOnlyDictionary<Guid, Guid> Assets,
    IReadOnlyList<MatchDecision> Decisions,
    IReadOnlyList<MeasuredPair> Measured,
    IReadOnlyCollection<(BlockingKey Key, string Source)> Crowded);
