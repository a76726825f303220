namespace Kasparro.Api.Catalogue;

/// <summary>How a text is looked for: in <c>asset_search</c>, or row by row.</summary>
/// <param name="IndexPattern">What the trigram index is asked for: the rarest parts of the text, which all that match have. LIKE's pattern.</param>
/// <param name="Pattern">What has to match; LIKE's pattern.</param>
/// <param name="IsCommon">
/// Whether so much matches that the page is sooner found by reading the catalogue in its order than by sorting all matches.
/// </param>
/// <param name="IsIndexed">Whether the index is of use: it knows assets and no listings, and where nearly everything matches it is only in the way.</param>
internal sealed record SearchPlan(string IndexPattern, string Pattern, bool IsCommon, bool IsIndexed);
