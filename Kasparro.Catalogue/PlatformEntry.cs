using System.Text.Json.Serialization;

namespace Kasparro.Catalogue;

/// <summary>A blockchain with its names in all vocabularies: a row of <c>platforms.json</c>.</summary>
public sealed record PlatformEntry
{
    /// <summary>Our key, which is CoinGecko's platform id if CoinGecko has one.</summary>
    public required string Key { get; init; }

    /// <summary>CoinPaprika's platform ids.</summary>
    [JsonPropertyName("coinpaprika")]
    public required IReadOnlyList<string> CoinPaprika { get; init; }

    /// <summary>The chain's id as CAIP-2 writes it, such as <c>eip155:1</c>; null if its namespace is not registered.</summary>
    public string? Caip2 { get; init; }

    /// <summary>The chain id of an EVM network (EIP-155).</summary>
    public long? ChainId { get; init; }

    /// <summary>CoinGecko's id of the coin that pays the chain's fees.</summary>
    public string? NativeCoin { get; init; }

    /// <summary>The native coin's type as SLIP-0044 registers it.</summary>
    public long? Slip44 { get; init; }

    /// <summary>The namespace of the chain's tokens in CAIP-19, such as <c>erc20</c>; null if none is registered.</summary>
    public string? TokenNamespace { get; init; }

    /// <summary>The format of its addresses (<see cref="AddressRule"/>).</summary>
    public required string Address { get; init; }

    /// <summary>The origins of the row's facts: keys of the table's <c>sources</c>.</summary>
    public required IReadOnlyList<string> Sources { get; init; }
}
