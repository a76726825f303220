namespace Kasparro.Ingestion.Loading.TokenLists;

/// <summary>The version of a token list, which shows what kind of change was made.</summary>
internal readonly record struct TokenListVersion(int Major, int Minor, int Patch)
{
    /// <summary>The version of a chain's first list.</summary>
    public static TokenListVersion First => new(1, 0, 0);

    /// <summary>
    /// Returns the version after a change: the next major version if a token was removed, the next minor one if a token was added, the next
    /// patch if a token's details changed, and otherwise the same version. The order of tokens does not matter.
    /// </summary>
    /// <param name="before">The tokens of the current version.</param>
    /// <param name="now">The new tokens.</param>
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
