namespace Kasparro.Data.Catalogue;

/// <summary>A chain's token list as it is served, with its version: the worker makes it, the API sends it.</summary>
public sealed class TokenList
{
    /// <summary>The chain id (EIP-155).</summary>
    public long ChainId { get; init; }

    /// <summary>The platform as contracts name it (<see cref="AssetPlatform.Platform"/>).</summary>
    public required string Platform { get; init; }

    /// <summary>Moves when a token is removed.</summary>
    public int Major { get; init; }

    /// <summary>Moves when a token is added.</summary>
    public int Minor { get; init; }

    /// <summary>Moves when a token's details change.</summary>
    public int Patch { get; init; }

    /// <summary>When the version moved last.</summary>
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>Tokens in the list.</summary>
    public int TokenCount { get; init; }

    /// <summary>Tokens of the chain that are left out because no file has their decimals.</summary>
    public int WithoutDecimals { get; init; }

    /// <summary>Tokens that are left out because the schema has no room for their symbol, or for more tokens.</summary>
    public int Unfit { get; init; }

    /// <summary>The list as JSON, as it is served; empty where it has no token.</summary>
    public required string Body { get; init; }
}
