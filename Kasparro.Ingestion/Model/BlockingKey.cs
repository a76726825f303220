namespace Kasparro.Ingestion.Model;

/// <summary>A key that connects listings.</summary>
internal readonly record struct BlockingKey(BlockingKeyKind Kind, string Value)
{
    /// <summary>
    /// The maximum number of listings of one source that a key connects. Beyond that the key distinguishes nothing and is ignored for that
    /// source. Recorded catalogues have at most 49 (META); a price history exported with a running id has as many as it has rows.
    /// </summary>
    public const int MaxOfSource = 200;

    public static BlockingKey From(TokenContract contract) => new(BlockingKeyKind.Contract, $"{contract.Platform}\n{contract.Address}");
}

/// <summary>What a key is made of.</summary>
internal enum BlockingKeyKind
{
    /// <summary>The symbol and the beginning of the name.</summary>
    Match,

    /// <summary>The symbol and the slug.</summary>
    Slug,

    /// <summary>The name and the slug.</summary>
    Name,

    /// <summary>A contract.</summary>
    Contract,
}
