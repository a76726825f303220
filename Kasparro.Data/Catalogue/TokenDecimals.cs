namespace Kasparro.Data.Catalogue;

/// <summary>How many decimals a token has, as an operator's file says.</summary>
public sealed class TokenDecimals
{
    /// <summary>The platform as contracts name it (<see cref="AssetPlatform.Platform"/>).</summary>
    public required string Platform { get; init; }

    /// <summary>The contract's address; EVM ones in lower case.</summary>
    public required string Address { get; init; }

    /// <summary>The file's name within its folder.</summary>
    public required string FileName { get; init; }

    /// <summary>The decimals, 0–255.</summary>
    public short Decimals { get; init; }
}
