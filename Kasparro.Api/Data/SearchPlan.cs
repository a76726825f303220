namespace Kasparro.Api.Data;

/// <summary>How a text is looked for in <c>asset_search</c>.</summary>
/// <param name="IndexPattern">What the trigram index is asked for: the rarest parts of the text, which all that match have. LIKE's pattern.</param>
/// <param name="Pattern">What has to match; LIKE's pattern.</param>
/// <param name="IsCommon">
/// Whether so much matches that the page is sooner found by reading the catalogue in its order than by sorting all matches.
/// </param>
/// <param name="IsEverywhere">Whether it matches so often that the index would only be in the way.</param>
internal sealed record SearchPlan(string IndexPattern, string Pattern, bool IsCommon, bool IsEverywhere);
