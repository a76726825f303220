using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Matching;

/// <summary>Why two listings are, or are not, one asset.</summary>
/// <param name="Left">The listing of the source that comes first.</param>
/// <param name="Right">The other listing.</param>
/// <param name="Rule">The rule that unites them, or would unite them (<see cref="MatchRule"/>).</param>
/// <param name="Reason">Why they are not united (<see cref="RefusalReason"/>); null if they are.</param>
/// <param name="Confidence">How likely the merge is right, 0–1; for a refusal, how likely the merge would have been right without
/// it.</param>
/// <param name="Evidence">What they share, for people.</param>
internal sealed record MatchDecision(
    CandidateListing Left, CandidateListing Right, string Rule, string? Reason, double Confidence, IReadOnlyList<string> Evidence)
{
    public bool Unites => Reason is null;
}

/// <summary>The result of resolving listings: clusters, each of which is one asset.</summary>
/// <param name="Assets">Each listing's asset, identified by the listing that founded it.</param>
/// <param name="Decisions">Every merge, and every merge that was refused.</param>
/// <param name="Measured">New verdicts of prices on pairs of the listings.</param>
/// <param name="Crowded">Blocking keys that are ignored for a source because too many of its listings share them
/// (<see cref="BlockingKey.MaxOfSource"/>).</param>
internal sealed record Clustering(
    IReadOnlyDictionary<Guid, Guid> Assets,
    IReadOnlyList<MatchDecision> Decisions,
    IReadOnlyList<MeasuredPair> Measured,
    IReadOnlyCollection<(BlockingKey Key, string Source)> Crowded);
