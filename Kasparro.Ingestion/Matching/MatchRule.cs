namespace Kasparro.Ingestion.Matching;

/// <summary>
/// The rules by which two listings are one asset, strongest first. The names are public, in <c>identity_decisions.rule</c>.
/// </summary>
internal static class MatchRule
{
    /// <summary>An override says so.</summary>
    public const string Override = "override";

    /// <summary>The same contract on the same platform.</summary>
    public const string Contract = "contract";

    /// <summary>The same symbol, name and slug.</summary>
    public const string SymbolNameSlug = "symbol_name_slug";

    /// <summary>The same symbol and name.</summary>
    public const string SymbolName = "symbol_name";

    /// <summary>The same symbol and slug, and names that differ by a suffix.</summary>
    public const string SymbolSlugStem = "symbol_slug_stem";

    /// <summary>The same symbol, and names that differ by a suffix that does not distinguish assets.</summary>
    public const string SymbolStem = "symbol_stem";

    /// <summary>The same symbol and slug; one source changed the name.</summary>
    public const string SymbolSlug = "symbol_slug";

    /// <summary>The same symbol, and slugs that differ in a suffix or in the order of their words.</summary>
    public const string SymbolSlugAlike = "symbol_slug_alike";

    /// <summary>The same symbol, and one name is the beginning of the other.</summary>
    public const string SymbolPrefix = "symbol_prefix";

    /// <summary>The same name and slug; one source changed the symbol.</summary>
    public const string NameSlug = "name_slug";

    /// <summary>The rules based on names, in the order in which they are applied.</summary>
    public static IReadOnlyList<string> ByName { get; } =
        [SymbolNameSlug, SymbolName, SymbolSlugStem, SymbolStem, SymbolSlug, SymbolSlugAlike, SymbolPrefix, NameSlug];

    /// <summary>Whether the rule is strong enough to apply even if the sources name different contracts.</summary>
    public static bool SurvivesMovedContract(string rule) => rule is SymbolNameSlug or SymbolName or SymbolSlugStem;

    /// <summary>
    /// Returns how likely a merge by this rule is right, 0–1: judged by hand on the recorded catalogues, and suitable for ordering.
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

/// <summary>Why two listings that a rule would unite are not united. The codes are public, in <c>identity_decisions.reason</c>.</summary>
internal static class RefusalReason
{
    /// <summary>An override says that they are different.</summary>
    public const string Override = "override";

    /// <summary>They have different contracts on one platform.</summary>
    public const string OtherContract = "other_contract";

    /// <summary>Their prices, taken at nearly the same time, differ by a large factor.</summary>
    public const string Price = "price";

    /// <summary>One is a wrapped, bridged, staked, old, new or per-chain form.</summary>
    public const string OtherForm = "other_form";

    /// <summary>Another listing of the same name in another form could be meant as well.</summary>
    public const string SiblingForm = "sibling_form";

    /// <summary>One is inactive, and an active listing of its source could be meant as well.</summary>
    public const string ActiveSibling = "active_sibling";

    /// <summary>One is inactive, and the rule is too weak to tell whether it is the same asset.</summary>
    public const string Inactive = "inactive";

    /// <summary>Stronger evidence unites one of them with another listing of the same source.</summary>
    public const string Taken = "taken";

    /// <summary>
    /// Another listing has the same symbol and name and was matched by stronger evidence; being left over proves nothing.
    /// </summary>
    public const string SameName = "same_name";

    /// <summary>Several listings fit equally well.</summary>
    public const string Ambiguous = "ambiguous";
}
