using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Matching;

/// <summary>
/// Decides which listings of a connected component are one asset. A pure function of the set of listings, their evidence and the overrides:
/// neither the order in which sources and pages arrive nor a repeated run changes the result. The strongest evidence is applied first, and
/// only if it is unambiguous in both directions. Between two sources, assets are matched one to one, unless a source lists one contract
/// twice.
/// </summary>
internal sealed class ComponentResolution
{
    private readonly CandidateListing[] _listings;
    private readonly MatchOverrides _overrides;
    private readonly PriceAgreement _prices;
    private readonly Clusters _clusters;
    private readonly List<Pair> _pairs;
    private readonly Dictionary<(CandidateListing Left, CandidateListing Right), Pair> _byListings;
    private readonly ILookup<TokenContract, CandidateListing> _byContract;
    private readonly ILookup<(string Source, string Symbol), CandidateListing> _bySymbol;
    private readonly List<MatchDecision> _decisions = [];
    private readonly List<MeasuredPair> _measured = [];

    private ComponentResolution(CandidateListing[] component, BlockingBuckets buckets, PriceAgreement prices, MatchOverrides overrides)
    {
        _listings = component;
        Array.Sort(_listings, Clusters.ComparePreference);
        _overrides = overrides;
        _prices = prices;
        _clusters = new(_listings, overrides);
        _byContract = _listings.SelectMany(listing => listing.Contracts.Select(contract => (contract, listing)))
            .ToLookup(entry => entry.contract, entry => entry.listing);
        _bySymbol = _listings.ToLookup(listing => (listing.Source, listing.Traits.Symbol));
        _pairs = Candidates(buckets);
        _byListings = _pairs.ToDictionary(pair => (pair.Left, pair.Right));
    }

    /// <summary>Resolves a component.</summary>
    /// <param name="component">All listings that are connected by shared keys or overrides, directly or through others
    /// (<see cref="EntityResolution"/>).</param>
    /// <param name="buckets">The listings by key.</param>
    /// <param name="prices">The verdicts of prices on pairs of them so far.</param>
    /// <param name="overrides">The manual decisions.</param>
    public static Clustering Resolve(CandidateListing[] component, BlockingBuckets buckets, PriceAgreement prices, MatchOverrides overrides)
    {
        var resolution = new ComponentResolution(component, buckets, prices, overrides);
        resolution.UniteByOverride();
        resolution.UniteTwins();
        resolution.UniteRenamed();
        resolution.UniteByContract();
        resolution.UniteByName(active: true);
        resolution.UniteByName(active: false);
        resolution.RecordRefusals();
        return new(resolution._clusters.ToAssets(), resolution._decisions, resolution._measured, []);
    }

    /// <summary>Returns the pairs that share a key and that a rule would unite, each with the current verdict of prices.</summary>
    private List<Pair> Candidates(BlockingBuckets buckets)
    {
        var positions = _listings.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
        var pairs = new SortedDictionary<(int Left, int Right), Pair?>();
        foreach (var bucket in _listings.SelectMany(listing => listing.Keys()).Distinct().Select(buckets.With))
        {
            for (var i = 0; i < bucket.Count; i++)
            {
                for (var j = i + 1; j < bucket.Count; j++)
                {
                    if (bucket[i].Source == bucket[j].Source)
                    {
                        continue;
                    }

                    var (one, other) = (positions[bucket[i]], positions[bucket[j]]);
                    var key = one < other ? (one, other) : (other, one);
                    if (!pairs.ContainsKey(key))
                    {
                        pairs.Add(key, Compare(_listings[key.Item1], _listings[key.Item2]));
                    }
                }
            }
        }

        return [.. pairs.Values.OfType<Pair>()];
    }

    private Pair? Compare(CandidateListing left, CandidateListing right)
    {
        var sharesContract = left.Contracts.Overlaps(right.Contracts);
        var rule = left.Traits.SharesKey(right.Traits) ? MatchRules.FindRule(left, right) : null;
        if (!sharesContract && rule is null)
        {
            return null;
        }

        var before = _prices.Find(left, right);
        var agrees = sharesContract ? before : left.Market.Compare(right.Market, before);
        if (agrees != before)
        {
            _measured.Add(new(left.ListingId, right.ListingId, agrees!.Value, left.Market.RatioTo(right.Market)!.Value));
        }

        return new(left, right, sharesContract, rule, agrees);
    }

    private void UniteByOverride()
    {
        if (_overrides.IsEmpty)
        {
            return;
        }

        foreach (var (i, listing) in _listings.Index().Where(entry => _overrides.Names(entry.Item.ListingId)))
        {
            var others = _overrides.SameAs(listing.ListingId).ToHashSet();
            foreach (var other in _listings.Skip(i + 1).Where(other => others.Contains(other.ListingId)))
            {
                Unite(listing, other, MatchRule.Override);
            }
        }
    }

    /// <summary>
    /// If several listings of a source name the same contract, or one listing names several, the one whose name agrees best is matched.
    /// </summary>
    private void UniteByContract()
    {
        var open = _pairs.FindAll(pair => pair.SharesContract);
        while (open.Count > 0)
        {
            open.RemoveAll(pair => !MayUnite(pair));
            var rivals = new Rivals(open, _clusters);
            var best = open.Where(pair => rivals.GetRivals(pair).All(rival => rival.Agreement.CompareTo(pair.Agreement) < 0)).ToHashSet();
            if (best.Count == 0)
            {
                return;
            }

            foreach (var pair in open.Where(best.Contains).Where(MayUnite))
            {
                Unite(pair.Left, pair.Right, MatchRule.Contract);
            }

            open.RemoveAll(best.Contains);
        }
    }

    /// <summary>
    /// If one source lists one contract under two ids, they are the same asset, provided that name, symbol and all contracts agree.
    /// </summary>
    private void UniteTwins()
    {
        foreach (var listing in _listings.Where(listing => listing.Contracts.Count > 0))
        {
            foreach (var twin in _byContract[listing.Contracts.First()])
            {
                if (twin != listing
                    && twin.Source == listing.Source
                    && twin.Traits.Symbol == listing.Traits.Symbol
                    && twin.Traits.Fold == listing.Traits.Fold
                    && twin.Contracts.SetEquals(listing.Contracts)
                    && !_clusters.AreForbidden(listing, twin))
                {
                    Unite(listing, twin, MatchRule.Contract);
                }
            }
        }
    }

    /// <summary>
    /// Unites a delisted listing with its successor: the source gave it another id, and perhaps another name, and the new id has its
    /// contract.
    /// </summary>
    private void UniteRenamed()
    {
        foreach (var former in _listings.Where(listing => listing.IsDelisted))
        {
            var successors = former.Contracts.SelectMany(contract => _byContract[contract])
                .Where(listing => listing.Source == former.Source && !listing.IsDelisted).Distinct().ToList();
            if (successors.Count > 0
                && successors.TrueForAll(successor => _clusters.AreOne(successor, successors[0]))
                && !_clusters.AreForbidden(former, successors[0]))
            {
                Unite(former, successors[0], MatchRule.Contract);
            }
        }
    }

    private void UniteByName(bool active)
    {
        foreach (var rule in MatchRule.ByName)
        {
            var open = _pairs.FindAll(pair => pair.Rule == rule && (pair.Left.IsActive && pair.Right.IsActive) == active && MayUnite(pair));
            if (open.Count == 0)
            {
                continue;
            }

            foreach (var pair in open)
            {
                pair.Refusal ??= FindRefusal(pair);
            }

            // A pair that prices keep apart still counts as a rival: the remaining candidate is not right just because it is the only one
            // left.
            open.RemoveAll(pair => pair.Refusal is not null);
            var all = new Rivals(open, _clusters);
            foreach (var pair in open)
            {
                var rivals = all.GetRivals(pair).ToList();
                pair.HasRivals = rivals.Count > 0;
                pair.Refusal = pair.Agrees is false ? RefusalReason.Price
                    : rivals.Count > 0 && !IsPick(pair, rivals) ? RefusalReason.Ambiguous
                    : null;
            }

            foreach (var pair in open.Where(pair => pair.Refusal is null && MayUnite(pair)))
            {
                Unite(pair.Left, pair.Right, rule, pair.HasRivals);
            }
        }
    }

    private bool MayUnite(Pair pair) => !_clusters.Collide(pair.Left, pair.Right) && !_clusters.AreForbidden(pair.Left, pair.Right);

    /// <summary>Whether prices single out the pair among those that fit equally well.</summary>
    private static bool IsPick(Pair pair, List<Pair> rivals) => pair.Agrees is true && !rivals.Exists(rival => rival.Agrees is true);

    private string? FindRefusal(Pair pair)
    {
        var (left, right) = (pair.Left, pair.Right);
        if (MatchRules.FindVeto(pair.Rule!, left, right) is { } veto)
        {
            return veto;
        }

        // A token that moved to a new contract keeps its name, and one source may not have picked up the move. But a contract that the
        // other source lists too is not outdated.
        if (MatchRules.Contradict(left, right) && (IsListedAt(right.Source, left) || IsListedAt(left.Source, right)))
        {
            return RefusalReason.OtherContract;
        }

        if (pair.Rule is MatchRule.SymbolStem or MatchRule.SymbolSlug or MatchRule.SymbolSlugAlike or MatchRule.SymbolPrefix
            && (HasSibling(left, right) || HasSibling(right, left)))
        {
            return RefusalReason.SiblingForm;
        }

        if (pair.Rule is MatchRule.SymbolNameSlug or MatchRule.SymbolName
            && pair.Agrees is not true
            && (HasSameNamed(left, right) || HasSameNamed(right, left)))
        {
            return RefusalReason.SameName;
        }

        return (left.IsActive && right.IsActive) || !(HasActiveSibling(left, right) || HasActiveSibling(right, left))
            ? null
            : RefusalReason.ActiveSibling;
    }

    /// <summary>Whether the source lists one of the listing's contracts.</summary>
    private bool IsListedAt(string source, CandidateListing contracts) =>
        contracts.Contracts.Any(contract => _byContract[contract].Any(other => other.Source == source));

    /// <summary>
    /// Whether the partner's source has another listing, still unmatched, with the same stem: in another form, or under another slug.
    /// </summary>
    private bool HasSibling(CandidateListing listing, CandidateListing partner) =>
        _bySymbol[(partner.Source, listing.Traits.Symbol)].Any(other =>
            other != partner
            && other.IsActive
            && other.Traits.Stem == listing.Traits.Stem
            && (listing.Traits.IsDerivative || !other.Traits.IsDerivative)
            && (listing.Traits.Form.Length == 0 || other.Traits.Form == listing.Traits.Form)
            && _clusters.IsFree(other, listing.Source));

    /// <summary>
    /// Whether another listing of the same source has the same symbol and name but was matched by stronger evidence: the one left over is
    /// not the same asset for that reason alone. An inactive listing of the same name does not affect an active one.
    /// </summary>
    private bool HasSameNamed(CandidateListing listing, CandidateListing partner) =>
        _bySymbol[(listing.Source, listing.Traits.Symbol)].Any(other =>
            other != listing
            && (other.IsActive || !listing.IsActive || !partner.IsActive)
            && other.Traits.Fold == listing.Traits.Fold
            && !_clusters.IsFree(other, partner.Source)
            && !_clusters.AreOne(other, listing));

    private bool HasActiveSibling(CandidateListing inactive, CandidateListing partner) =>
        !inactive.IsActive && _bySymbol[(inactive.Source, inactive.Traits.Symbol)].Any(other =>
            other != inactive
            && other.IsActive
            && (IsRefusedWith(other, partner)
                || (other.Traits.MatchKey == partner.Traits.MatchKey && MatchRules.AreRelated(other, partner)))
            && _clusters.IsFree(other, partner.Source));

    /// <summary>
    /// Whether the two were kept apart only because other listings could be meant as well; an inactive listing is not the right one then.
    /// </summary>
    private bool IsRefusedWith(CandidateListing active, CandidateListing partner) =>
        (_byListings.GetValueOrDefault((active, partner)) ?? _byListings.GetValueOrDefault((partner, active)))
        is { Refusal: RefusalReason.Ambiguous or RefusalReason.SiblingForm or RefusalReason.SameName };

    private void Unite(CandidateListing left, CandidateListing right, string rule, bool byPrice = false)
    {
        if (_clusters.AreOne(left, right))
        {
            return;
        }

        _clusters.Unite(left, right);
        var confidence = MatchRule.Confidence(rule);
        if (rule is not (MatchRule.Override or MatchRule.Contract))
        {
            confidence -= MatchRules.Contradict(left, right) ? 0.15 : 0;
            confidence -= left.IsActive && right.IsActive ? 0 : 0.05;
        }

        var evidence = MatchEvidence.Between(left, right, byPrice ? true : null);
        _decisions.Add(new(left, right, rule, Reason: null, Math.Round(confidence, 2), evidence));
    }

    private void RecordRefusals()
    {
        foreach (var pair in _pairs.Where(pair => !_clusters.AreOne(pair.Left, pair.Right)))
        {
            var rule = pair.SharesContract ? MatchRule.Contract : pair.Rule!;
            var reason = _clusters.AreForbidden(pair.Left, pair.Right) ? RefusalReason.Override
                : pair.Refusal ?? (_clusters.Collide(pair.Left, pair.Right) ? RefusalReason.Taken : RefusalReason.Ambiguous);
            var evidence = MatchEvidence.Between(pair.Left, pair.Right, pair.Agrees);
            _decisions.Add(new(pair.Left, pair.Right, rule, reason, MatchRule.Confidence(rule), evidence));
        }
    }

    /// <summary>Two listings of different sources that a rule would unite.</summary>
    private sealed class Pair(CandidateListing left, CandidateListing right, bool sharesContract, string? rule, bool? agrees)
    {
        public CandidateListing Left => left;

        public CandidateListing Right => right;

        public bool SharesContract => sharesContract;

        /// <summary>The strongest name rule that applies, or null if none does.</summary>
        public string? Rule => rule;

        /// <summary>The verdict of prices, or null if there is none.</summary>
        public bool? Agrees => agrees;

        public string? Refusal { get; set; }

        /// <summary>Whether other pairs fit equally well.</summary>
        public bool HasRivals { get; set; }

        /// <summary>How well names, activity and contracts agree; decides between pairs that share a contract.</summary>
        public (int Name, int Active, int Contracts) Agreement { get; } = sharesContract ? MeasureAgreement(left, right, rule) : default;

        private static (int Name, int Active, int Contracts) MeasureAgreement(
            CandidateListing left, CandidateListing right, string? rule) => (
            rule is null ? 0 : MatchRule.ByName.Count - MatchRule.ByName.TakeWhile(other => other != rule).Count(),
            left.IsActive && right.IsActive ? 1 : 0,
            left.Contracts.Count(right.Contracts.Contains));
    }

    /// <summary>Finds the rivals of a pair: pairs that match one of its listings with a different asset of the other's source.</summary>
    private sealed class Rivals(List<Pair> pairs, Clusters clusters)
    {
        private readonly ILookup<(CandidateListing, string), Pair> _byLeft = pairs.ToLookup(pair => (pair.Left, pair.Right.Source));
        private readonly ILookup<(CandidateListing, string), Pair> _byRight = pairs.ToLookup(pair => (pair.Right, pair.Left.Source));

        public IEnumerable<Pair> GetRivals(Pair pair) =>
            _byLeft[(pair.Left, pair.Right.Source)].Where(rival => rival != pair && !clusters.AreOne(rival.Right, pair.Right))
                .Concat(_byRight[(pair.Right, pair.Left.Source)].Where(rival => rival != pair && !clusters.AreOne(rival.Left, pair.Left)));
    }
}
