namespace Kasparro.Ingestion.Loading.TokenLists;

/// <summary>The version of a token list, which says what changed.</summary>
internal readonly record struct TokenListVersion(int Major, int Minor, int Patch)
{
    /// <summary>The version of a chain's first list.</summary>
    public static TokenListVersion First => new(1, 0, 0);

    /// <summary>
    /// The version after a change: major where a token was removed, minor where one was added, patch where details of one changed; the same
    /// where none did. The order of tokens is no part of a list.
    /// </summary>
    /// <param name="before">The tokens of this version.</param>
    /// <param name="now">The tokens now.</param>
    public TokenListVersion After(IReadOnlyCollection<ListedToken> before, IReadOnlyCollection<ListedToken> now)
    {
        var known = before.ToDictionary(token => token.Address, StringComparer.Ordinal);
        var kept = now.Where(token => known.ContainsKey(token.Address)).ToList();
        return kept.Count < known.Count ? new(Major + 1, 0, 0)
            : kept.Count < now.Count ? new(Major, Minor + 1, 0)
            : kept.Exists(token => known[token.Address] != token) ? this with { Patch = Patch + 1 }
            : this;
    }
}
