namespace Kasparro.Data.Catalogue;

/// <summary>A chain's token list as it is served, with its version. The worker creates it, and the API sends it.</summary>
public sealed class TokenList
{
    /// <summary>The chain id (EIP-155).</summary>
    public long ChainId { get; init; }

    /// <summary>The platform as contracts name it (<see cref="AssetPlatform.Platform"/>).</summary>
    public required string Platform { get; init; }

    /// <summary>The major version, which grows when a token is removed.</summary>
    public int Major { get; init; }

    /// <summary>The minor version, which grows when a token is added.</summary>
    public int Minor { get; init; }

    /// <summary>The patch version, which grows when a token's details change.</summary>
    public int Patch { get; init; }

    /// <summary>The time of the last change of the version.</summary>
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>The number of tokens in the list.</summary>
    public int TokenCount { get; init; }

    /// <summary>The number of the chain's tokens that are left out because no file has their decimals.</summary>
    public int WithoutDecimals { get; init; }

    /// <summary>The number of tokens that are left out because the schema does not allow their symbol, or more tokens.</summary>
    public int Unfit { get; init; }

    /// <summary>The list as JSON, as it is served; empty if it has no tokens.</summary>
    public required string Body { get; init; }
}
