namespace Kasparro.Ingestion.Matching;

/// <summary>
/// Decides which of some connected listings are one asset. A pure function of the set of listings, their evidence and the overrides: neither
/// the order in which sources and pages arrive nor a repeated run changes the partition. Evidence takes its pick strongest first, and only
/// where it is unambiguous both ways; between two sources assets are one to one, unless one source lists one contract twice.
/// </summary>
internal sealed class ComponentResolution
{
    private readonly CandidateListing[] _listings;
    private readonly MatchOverrides _overrides;
    private readonly PriceAgreement _prices;
    private readonly Clusters _clusters;
    private readonly List<Pair> _pairs;
    private readonly List<MatchDecision> _decisions = [];

    private ComponentResolution(IReadOnlyCollection<CandidateListing> connected, PriceAgreement prices, MatchOverrides overrides)
    {
        _listings = [.. connected];
        Array.Sort(_listings, Clusters.ComparePreference);
        _overrides = overrides;
        _prices = prices;
        _clusters = new(_listings, overrides);
        _pairs = [.. Candidates()];
    }

    /// <param name="connected">Listings that share keys, directly or through others: all of them (<see cref="EntityResolution"/>).</param>
    /// <param name="prices">What prices said about pairs of them.</param>
    /// <param name="overrides">What people have decided.</param>
    public static Clustering Resolve(IReadOnlyCollection<CandidateListing> connected, PriceAgreement prices, MatchOverrides overrides)
    {
        var rules = new ComponentResolution(connected, prices, overrides);
        if (connected.Count > 1)
        {
            rules.UniteByOverride();
            rules.UniteTwins();
            rules.UniteByContract();
            rules.UniteByName(active: true);
            rules.UniteByName(active: false);
            rules.RecordRefusals();
        }

        return new(rules._clusters.ToAssets(), rules._decisions);
    }

    private IEnumerable<Pair> Candidates()
    {
        for (var i = 0; i < _listings.Length; i++)
        {
            for (var j = i + 1; j < _listings.Length; j++)
            {
                var (left, right) = (_listings[i], _listings[j]);
                if (left.Source == right.Source)
                {
                    continue;
                }

                var sharesContract = left.Contracts.Overlaps(right.Contracts);
                var rule = left.Traits.SharesKey(right.Traits) ? MatchRules.RuleOf(left, right) : null;
                if (sharesContract || rule is not null)
                {
                    yield return new(left, right, sharesContract, rule, _prices.Of(left, right));
                }
            }
        }
    }

    private void UniteByOverride()
    {
        if (_overrides.IsEmpty)
        {
            return;
        }

        for (var i = 0; i < _listings.Length; i++)
        {
            for (var j = i + 1; j < _listings.Length; j++)
            {
                if (_overrides.AreSame(_listings[i].ListingId, _listings[j].ListingId))
                {
                    Unite(_listings[i], _listings[j], MatchRule.Override);
                }
            }
        }
    }

    /// <summary>Where several listings of a source name the contract, or one names several, the one that agrees best in name is meant.</summary>
    private void UniteByContract()
    {
        var open = _pairs.FindAll(pair => pair.SharesContract);
        while (open.Count > 0)
        {
            open.RemoveAll(pair => !MayUnite(pair));
            var best = open.FindAll(pair => open.TrueForAll(rival => !AreRivals(pair, rival) || rival.Agreement.CompareTo(pair.Agreement) < 0));
            if (best.Count == 0)
            {
                return;
            }

            foreach (var pair in best.Where(MayUnite))
            {
                Unite(pair.Left, pair.Right, MatchRule.Contract);
            }

            open.RemoveAll(best.Contains);
        }
    }

    /// <summary>One source lists one contract under two ids: the same asset, if name and symbol agree too and no contract disagrees.</summary>
    private void UniteTwins()
    {
        foreach (var listing in _listings.Where(listing => listing.Contracts.Count > 0))
        {
            foreach (var twin in _listings)
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

    private void UniteByName(bool active)
    {
        foreach (var rule in MatchRule.ByName)
        {
            if (!_pairs.Exists(pair => pair.Rule == rule))
            {
                continue;
            }

            var open = _pairs.FindAll(pair => pair.Rule == rule && (pair.Left.IsActive && pair.Right.IsActive) == active && MayUnite(pair));
            foreach (var pair in open)
            {
                pair.Refusal ??= RefusalOf(pair);
            }

            // A pair that prices keep apart is a rival still: whoever is left over is not therefore the one.
            open.RemoveAll(pair => pair.Refusal is not null);
            foreach (var pair in open)
            {
                var rivals = open.FindAll(rival => AreRivals(pair, rival));
                pair.Refusal = pair.Agrees is false ? RefusalReason.Price
                    : rivals.Count > 0 && !IsPickOf(pair, rivals) ? RefusalReason.Ambiguous
                    : null;
            }

            foreach (var pair in open.Where(pair => pair.Refusal is null && MayUnite(pair)))
            {
                Unite(pair.Left, pair.Right, rule, open.Exists(rival => AreRivals(pair, rival)));
            }
        }
    }

    private bool MayUnite(Pair pair) => !_clusters.Collide(pair.Left, pair.Right) && !_clusters.AreForbidden(pair.Left, pair.Right);

    /// <summary>Whether prices pick the pair among those that fit equally well.</summary>
    private static bool IsPickOf(Pair pair, List<Pair> rivals) => pair.Agrees is true && !rivals.Exists(rival => rival.Agrees is true);

    /// <summary>Whether the two want one listing for the same source, and not for the same asset.</summary>
    private bool AreRivals(Pair pair, Pair other) =>
        other != pair
        && ((other.Left == pair.Left && other.Right.Source == pair.Right.Source && !_clusters.AreOne(other.Right, pair.Right))
            || (other.Right == pair.Right && other.Left.Source == pair.Left.Source && !_clusters.AreOne(other.Left, pair.Left)));

    private string? RefusalOf(Pair pair)
    {
        var (left, right) = (pair.Left, pair.Right);
        if (MatchRules.VetoOf(pair.Rule!, left, right) is { } veto)
        {
            return veto;
        }

        // A token that moved to a new contract keeps its name, and one source has not heard of it; but a contract that is listed is no old one.
        if (MatchRules.Contradict(left, right) && (IsListedAt(right.Source, left) || IsListedAt(left.Source, right)))
        {
            return RefusalReason.OtherContract;
        }

        if (pair.Rule is MatchRule.SymbolStem or MatchRule.SymbolSlug or MatchRule.SymbolSlugAlike or MatchRule.SymbolPrefix
            && (HasSibling(left, right) || HasSibling(right, left)))
        {
            return RefusalReason.SiblingForm;
        }

        if (pair.Rule is MatchRule.SymbolNameSlug or MatchRule.SymbolName && pair.Agrees is not true && (HasNamesake(left, right) || HasNamesake(right, left)))
        {
            return RefusalReason.Namesake;
        }

        return (left.IsActive && right.IsActive) || !_listings.Any(other => IsActiveSibling(other, left, right) || IsActiveSibling(other, right, left))
            ? null
            : RefusalReason.ActiveSibling;
    }

    /// <summary>Whether a listing of that source has one of the contracts.</summary>
    private bool IsListedAt(string source, CandidateListing contracts) =>
        Array.Exists(_listings, other => other.Source == source && other.Contracts.Overlaps(contracts.Contracts));

    /// <summary>Whether another listing at the partner's source, still free, has the listing's stem: in another form, or under another slug.</summary>
    private bool HasSibling(CandidateListing listing, CandidateListing partner) =>
        Array.Exists(_listings, other =>
            other != partner
            && other.Source == partner.Source
            && other.IsActive
            && other.Traits.Symbol == listing.Traits.Symbol
            && other.Traits.Stem == listing.Traits.Stem
            && (listing.Traits.IsDerivative || !other.Traits.IsDerivative)
            && (listing.Traits.Form.Length == 0 || other.Traits.Form == listing.Traits.Form)
            && _clusters.IsFree(other, listing.Source));

    /// <summary>
    /// Whether another listing of the same source bears the same symbol and name, though stronger evidence took it: what is left over is not
    /// therefore one. An inactive namesake has no say about an active listing.
    /// </summary>
    private bool HasNamesake(CandidateListing listing, CandidateListing partner) =>
        Array.Exists(_listings, other =>
            other != listing
            && other.Source == listing.Source
            && (other.IsActive || !listing.IsActive || !partner.IsActive)
            && other.Traits.Symbol == listing.Traits.Symbol
            && other.Traits.Fold == listing.Traits.Fold
            && !_clusters.IsFree(other, partner.Source)
            && !_clusters.AreOne(other, listing));

    private bool IsActiveSibling(CandidateListing other, CandidateListing inactive, CandidateListing partner) =>
        !inactive.IsActive
        && other != inactive
        && other.IsActive
        && other.Source == inactive.Source
        && other.Traits.Symbol == inactive.Traits.Symbol
        && (IsRefusedWith(other, partner) || (other.Traits.MatchKey == partner.Traits.MatchKey && MatchRules.AreRelated(other, partner)))
        && _clusters.IsFree(other, partner.Source);

    /// <summary>Whether the two were kept apart only because others could be meant too: whoever it is, it is no inactive one.</summary>
    private bool IsRefusedWith(CandidateListing active, CandidateListing partner) => _pairs.Exists(pair =>
        ((pair.Left == active && pair.Right == partner) || (pair.Left == partner && pair.Right == active))
        && pair.Refusal is RefusalReason.Ambiguous or RefusalReason.SiblingForm or RefusalReason.Namesake);

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

        _decisions.Add(new(left, right, rule, Reason: null, Math.Round(confidence, 2), MatchEvidence.Between(left, right, byPrice ? true : null)));
    }

    private void RecordRefusals()
    {
        foreach (var pair in _pairs.Where(pair => !_clusters.AreOne(pair.Left, pair.Right)))
        {
            var rule = pair.SharesContract ? MatchRule.Contract : pair.Rule!;
            var reason = _clusters.AreForbidden(pair.Left, pair.Right) ? RefusalReason.Override
                : pair.Refusal ?? (_clusters.Collide(pair.Left, pair.Right) ? RefusalReason.Taken : RefusalReason.Ambiguous);
            _decisions.Add(new(pair.Left, pair.Right, rule, reason, MatchRule.Confidence(rule), MatchEvidence.Between(pair.Left, pair.Right, pair.Agrees)));
        }
    }

    /// <summary>Two listings of different sources that a rule would unite.</summary>
    private sealed class Pair(CandidateListing left, CandidateListing right, bool sharesContract, string? rule, bool? agrees)
    {
        public CandidateListing Left => left;

        public CandidateListing Right => right;

        public bool SharesContract => sharesContract;

        /// <summary>The strongest rule of names, or null.</summary>
        public string? Rule => rule;

        /// <summary>What prices say; null for nothing.</summary>
        public bool? Agrees => agrees;

        public string? Refusal { get; set; }

        /// <summary>How well names, activity and contracts agree: what decides between two that name one contract.</summary>
        public (int Name, int Active, int Contracts) Agreement { get; } = sharesContract ? AgreementOf(left, right, rule) : default;

        private static (int Name, int Active, int Contracts) AgreementOf(CandidateListing left, CandidateListing right, string? rule) => (
            rule is null ? 0 : MatchRule.ByName.Count - MatchRule.ByName.TakeWhile(other => other != rule).Count(),
            left.IsActive && right.IsActive ? 1 : 0,
            left.Contracts.Count(right.Contracts.Contains));
    }
}
