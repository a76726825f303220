namespace Kasparro.Data.Catalogue;

/// <summary>The number of decimals of a token, from an operator's file.</summary>
public sealed class TokenDecimals
{
    /// <summary>The platform as contracts name it (<see cref="AssetPlatform.Platform"/>).</summary>
    public required string Platform { get; init; }

    /// <summary>The contract's address; in lower case for EVM platforms.</summary>
    public required string Address { get; init; }

    /// <summary>The file's name within its folder.</summary>
    public required string FileName { get; init; }

    /// <summary>The number of decimals, 0–255.</summary>
    public short Decimals { get; init; }
}
