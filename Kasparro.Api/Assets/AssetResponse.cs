using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Kasparro.Api.Assets;

[Description("An asset, what the sources list of it, and why those listings are one asset.")]
internal sealed record AssetResponse(
    [property: Description("The asset's id: it never changes.")] Guid AssetId,
    [property: Description("The ticker symbol as the best source spells it; not unique.")] string Symbol,
    [property: Description("The name as the best source spells it.")] string Name,
    [property: Description("Whether any source still lists it as active.")] bool IsActive,
    [property: Description("Price in US dollars; null where the source gives none.")] double? PriceUsd,
    [property: Description("Market capitalisation in US dollars; null where the source gives none.")] double? MarketCap,
    [property: Description("Trading volume of the last 24 hours in US dollars; null where the source gives none."),
        JsonPropertyName("volume_24h")] double? Volume24h,
    [property: Description("The source's rank by market capitalisation, from 1; null where it gives none.")] int? Rank,
    [property: Description("The source of these values: coinpaprika, coingecko or csv_source.")] string Source,
    [property: Description("When these values were true at their source, UTC.")] DateTime UpdatedAt,
    [property: Description("The sources' listings of the asset.")] IReadOnlyList<AssetListing> Listings,
    [property: Description("How far the sources' prices are apart; null where fewer than two sources give one.")]
    AssetDivergence? Divergence,
    [property: Description("Why the listings are one asset: each merge that made it.")] IReadOnlyList<AssetMerge> Merges,
    [property: Description("Ids of assets that were merged into this one; /assets redirects from them to here.")]
    IReadOnlyList<Guid> FormerIds,
    [property: Description("All its ids, in all vocabularies.")] IReadOnlyList<AssetId> Ids,
    [property: Description("The chains that it is on, as the native coin or as a token.")] IReadOnlyList<AssetChain> Chains,
    [property: Description("The path of its logo; null where none is known.")] string? Logo)
{
    public static readonly Guid ExampleId = new("5c1f6a1e-52a5-5f0e-8f0b-0c8b1b9d7a55");
    public static readonly Guid ExampleFormerId = new("b7f1f3a0-6a0b-5a58-9a57-5b0b7a0f3c11");
    public static readonly DateTime ExampleTime = new(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc);
    public const string ExampleAddress = "0xd26114cd6ee289accf82350c8d8487fedb8a0c07";

    public static AssetResponse Example { get; } = new(
        ExampleId, "OMG", "OMG Network", IsActive: true, 0.62, 86_900_000, 12_300_000, 411, "coinpaprika", ExampleTime,
        [
            new(
                ExampleId, "coinpaprika", "omg-omg-network", "OMG", "OMG Network", IsActive: true, 0.62, 86_900_000, 12_300_000, 411,
                140_245_398, 140_245_398,
                MaxSupply: null, ExampleTime, ExampleTime.AddDays(-19), ExampleTime.AddSeconds(31), [new("ethereum", ExampleAddress)]),
        ],
        Divergence: null,
        [new(ExampleId, ExampleFormerId, "contract", 0.99, [$"contract ethereum:{ExampleAddress}"], ExampleTime.AddDays(-19))],
        [ExampleFormerId],
        [
            new(AssetIds.Kasparro, ExampleId.ToString()), new("coinpaprika", "omg-omg-network"), new("coingecko", "omisego"),
            new(AssetIds.Caip, $"eip155:1/erc20:{ExampleAddress}"), new(AssetIds.Contract, $"ethereum:{ExampleAddress}"),
                new("isin", "XS1234567890"),
        ],
        [new("ethereum", 1, "eip155:1", IsNative: false)],
        LogoEndpoints.GetPath(ExampleId));
}

[Description("What one source says now.")]
internal sealed record AssetListing(
    [property: Description("The listing's id: it follows from source and external_id.")] Guid ListingId,
    [property: Description("The source.")] string Source,
    [property: Description("The source's own id.")] string ExternalId,
    [property: Description("The ticker symbol as sent.")] string Symbol,
    [property: Description("The name as sent.")] string Name,
    [property: Description("Whether the source lists it as active.")] bool IsActive,
    [property: Description("Price in US dollars.")] double? PriceUsd,
    [property: Description("Market capitalisation in US dollars.")] double? MarketCap,
    [property: Description("Trading volume of the last 24 hours in US dollars."), JsonPropertyName("volume_24h")] double? Volume24h,
    [property: Description("Rank by market capitalisation, from 1.")] int? Rank,
    [property: Description("Units in circulation.")] double? CirculatingSupply,
    [property: Description("Units that exist.")] double? TotalSupply,
    [property: Description("The most units that can exist.")] double? MaxSupply,
    [property: Description("The time that the source gives for the quote, UTC.")] DateTime? QuotedAt,
    [property: Description("When this service first saw the listing, UTC.")] DateTime CreatedAt,
    [property: Description("When this service last saw the listing change, UTC.")] DateTime UpdatedAt,
    [property: Description("The contracts that the source names.")] IReadOnlyList<AssetContract> Contracts);

[Description("A token's contract.")]
internal sealed record AssetContract(
    [property: Description("The platform, by CoinGecko's id for it, or source:id where it could not be mapped.")] string Platform,
    [property: Description("The address; EVM ones in lower case.")] string Address);

[Description("Two listings that are one asset, and why.")]
internal sealed record AssetMerge(
    [property: Description("One listing.")] Guid ListingId,
    [property: Description("The other listing.")] Guid OtherId,
    [property: Description("The rule that unites them: override, contract, symbol_name_slug, symbol_name, …")] string Rule,
    [property: Description("The rule's confidence, 0 to 1. It orders merges; it is not a probability.")] double Confidence,
    [property: Description("What the two share.")] IReadOnlyList<string> Evidence,
    [property: Description("When it was decided, UTC.")] DateTime DecidedAt);

[Description("The asset that another one was merged into.")]
internal sealed record AssetMoved(
    [property: Description("The id in the request.")] Guid AssetId,
    [property: Description("The asset that it is part of now.")] Guid MergedInto,
    [property: Description("When it was merged, UTC.")] DateTime MergedAt)
{
    public static AssetMoved Example { get; } =
        new(AssetResponse.ExampleFormerId, AssetResponse.ExampleId, AssetResponse.ExampleTime.AddDays(-19));
}
