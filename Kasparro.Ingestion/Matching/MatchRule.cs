namespace Kasparro.Ingestion.Matching;

/// <summary>
/// The rules by which two listings are one asset, strongest first; the names are public, in <c>identity_decisions.rule</c>.
/// </summary>
internal static class MatchRule
{
    /// <summary>The overrides file says so.</summary>
    public const string Override = "override";

    /// <summary>One contract on one platform.</summary>
    public const string Contract = "contract";

    /// <summary>One symbol, one name, one slug.</summary>
    public const string SymbolNameSlug = "symbol_name_slug";

    /// <summary>One symbol, one name.</summary>
    public const string SymbolName = "symbol_name";

    /// <summary>One symbol, one slug, and names that differ by a suffix.</summary>
    public const string SymbolSlugStem = "symbol_slug_stem";

    /// <summary>One symbol, and names that differ by a suffix which tells nothing apart.</summary>
    public const string SymbolStem = "symbol_stem";

    /// <summary>One symbol, one slug; the name was changed at one source.</summary>
    public const string SymbolSlug = "symbol_slug";

    /// <summary>One symbol, and slugs that differ in a suffix or in the order of their words.</summary>
    public const string SymbolSlugAlike = "symbol_slug_alike";

    /// <summary>One symbol, and one name continues where the other ends.</summary>
    public const string SymbolPrefix = "symbol_prefix";

    /// <summary>One name, one slug; the symbol was changed at one source.</summary>
    public const string NameSlug = "name_slug";

    /// <summary>The rules that go by names, in the order in which they take their pick.</summary>
    public static IReadOnlyList<string> ByName { get; } =
        [SymbolNameSlug, SymbolName, SymbolSlugStem, SymbolStem, SymbolSlug, SymbolSlugAlike, SymbolPrefix, NameSlug];

    /// <summary>Whether the rule is strong enough to outweigh that the sources name different contracts.</summary>
    public static bool SurvivesMovedContract(string rule) => rule is SymbolNameSlug or SymbolName or SymbolSlugStem;

    /// <summary>
    /// How likely a merge by this rule is right, 0–1: judged by hand on the recorded catalogues, and good for ordering.
    /// </summary>
    public static double Confidence(string rule) => rule switch
    {
        Override => 1,
        Contract => 0.99,
        SymbolNameSlug => 0.98,
        SymbolName => 0.96,
        SymbolSlugStem => 0.95,
        SymbolStem => 0.9,
        SymbolSlug => 0.85,
        SymbolSlugAlike => 0.8,
        SymbolPrefix => 0.75,
        NameSlug => 0.75,
        _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, message: null),
    };
}

/// <summary>Why two listings that a rule would unite are not united; the codes are public, in <c>identity_decisions.reason</c>.</summary>
internal static class RefusalReason
{
    /// <summary>The overrides file says that they are different.</summary>
    public const string Override = "override";

    /// <summary>They have different contracts on one platform.</summary>
    public const string OtherContract = "other_contract";

    /// <summary>Their prices, taken at nearly the same time, were apart by a factor.</summary>
    public const string Price = "price";

    /// <summary>One is a wrapped, bridged, staked, old, new or per-chain form.</summary>
    public const string OtherForm = "other_form";

    /// <summary>A sibling of the same name in another form could be meant as well.</summary>
    public const string SiblingForm = "sibling_form";

    /// <summary>One is inactive, and an active listing of its source could be meant as well.</summary>
    public const string ActiveSibling = "active_sibling";

    /// <summary>One is inactive, and the rule is too weak to tell whose name it had.</summary>
    public const string Inactive = "inactive";

    /// <summary>Stronger evidence unites one of them with another listing of the same source.</summary>
    public const string Taken = "taken";

    /// <summary>Another listing bears the same symbol and name, and stronger evidence took it: what is left over proves nothing.</summary>
    public const string SameName = "same_name";

    /// <summary>Several listings fit equally well.</summary>
    public const string Ambiguous = "ambiguous";
}
