namespace Kasparro.Ingestion.Model;

/// <summary>A key that connects listings.</summary>
internal readonly record struct BlockingKey(BlockingKeyKind Kind, string Value)
{
    /// <summary>
    /// How many listings of one source a key connects at the most; of more, the key says nothing, and they take no part by it. Recorded
    /// catalogues have 49 at the most (META); a price history exported with a running id has as many as it has rows.
    /// </summary>
    public const int MaxOfSource = 200;

    public static BlockingKey From(TokenContract contract) => new(BlockingKeyKind.Contract, $"{contract.Platform}\n{contract.Address}");
}

/// <summary>What a key is made of.</summary>
internal enum BlockingKeyKind
{
    /// <summary>Symbol and the beginning of the name.</summary>
    Match,

    /// <summary>Symbol and slug.</summary>
    Slug,

    /// <summary>Name and slug.</summary>
    Name,

    /// <summary>A contract.</summary>
    Contract,
}
