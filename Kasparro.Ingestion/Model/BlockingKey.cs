namespace Kasparro.Ingestion.Model;

/// <summary>A key that connects listings.</summary>
internal readonly record struct BlockingKey(BlockingKeyKind Kind, string Value)
{
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
