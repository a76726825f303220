using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Kasparro.Api.TokenLists;

[Description("A chain's tokens in Uniswap's token list format.")]
internal sealed record TokenListResponse(
    [property: Description("The list's name.")] string Name,
    [property: Description("When this version was made, UTC.")] DateTime Timestamp,
    [property: Description("Says what changed.")] TokenListResponseVersion Version,
    [property: Description("At most 10000 tokens, the largest by market capitalisation.")] IReadOnlyList<TokenListToken> Tokens)
{
    public static TokenListResponse Example { get; } = new(
        "Kasparro ethereum",
        new(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc),
        new(1, 2, 0),
        [new(1, "0xd26114cd6EE289AccF82350c8d8487fedB8A0C07", 18, "OMG Network", "OMG")]);
}

[Description("The version of a token list.")]
internal sealed record TokenListResponseVersion(
    [property: Description("Moves when a token is removed.")] int Major,
    [property: Description("Moves when a token is added.")] int Minor,
    [property: Description("Moves when a token's details change.")] int Patch);

[Description("A token of a token list.")]
internal sealed record TokenListToken(
    [property: Description("The chain id (EIP-155)."), JsonPropertyName("chainId")] long ChainId,
    [property: Description("The contract's address, with EIP-55's checksum.")] string Address,
    [property: Description("The token's decimals.")] short Decimals,
    [property: Description("The asset's name, at most 60 characters of it.")] string Name,
    [property: Description("The asset's symbol.")] string Symbol);
