using System.ComponentModel;
using Kasparro.Api.Assets;

namespace Kasparro.Api.TokenContracts;

[Description("The assets whose sources name a contract: usually one, several when evidence keeps them apart.")]
internal sealed record TokenContractResponse(
    [property: Description("The platform, by CoinGecko's id for it, or source:id where it could not be mapped.")] string Platform,
    [property: Description("The address; EVM ones in lower case.")] string Address,
    [property: Description("The assets: active ones first, then by market capitalisation, the largest first.")]
    IReadOnlyList<TokenContractAsset> Assets)
{
    public static TokenContractResponse Example { get; } = new(
        "ethereum",
        AssetResponse.ExampleAddress,
        [
            new(
                AssetResponse.ExampleId, "OMG", "OMG Network", IsActive: true, 0.62, 86_900_000, "coinpaprika", AssetResponse.ExampleTime,
                ["coingecko", "coinpaprika"]),
        ]);
}

[Description("An asset with a contract; /assets/{id} shows the rest.")]
internal sealed record TokenContractAsset(
    [property: Description("The asset's id.")] Guid AssetId,
    [property: Description("The ticker symbol as the best source spells it; not unique.")] string Symbol,
    [property: Description("The name as the best source spells it.")] string Name,
    [property: Description("Whether any source still lists it as active.")] bool IsActive,
    [property: Description("Price in US dollars; null where the source gives none.")] double? PriceUsd,
    [property: Description("Market capitalisation in US dollars; null where the source gives none.")] double? MarketCap,
    [property: Description("The source of these values: coinpaprika, coingecko or csv_source.")] string Source,
    [property: Description("When these values were true at their source, UTC.")] DateTime UpdatedAt,
    [property: Description("The sources that name the contract.")] IReadOnlyList<string> NamedBy);
