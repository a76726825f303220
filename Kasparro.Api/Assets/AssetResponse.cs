using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Kasparro.Api.Assets;

[Description("An asset, what the sources list of it, and why that is one asset.")]
internal sealed record AssetResponse(
    [property: Description("The asset's id: it never changes.")] Guid AssetId,
    [property: Description("The ticker symbol as the best source spells it; not unique.")] string Symbol,
    [property: Description("The name as the best source spells it.")] string Name,
    [property: Description("Whether any source still lists it as active.")] bool IsActive,
    [property: Description("Price in US dollars; null where the source gives none.")] double? PriceUsd,
    [property: Description("Market capitalisation in US dollars; null where the source gives none.")] double? MarketCap,
    [property: Description("Trading volume of the last 24 hours in US dollars; null where the source gives none."), JsonPropertyName("volume_24h")] double? Volume24h,
    [property: Description("The source's rank by market capitalisation, from 1; null where it gives none.")] int? Rank,
    [property: Description("The source of these values: coinpaprika, coingecko or csv_source.")] string Source,
    [property: Description("When these values were true at their source, UTC.")] DateTime UpdatedAt,
    [property: Description("What each source lists of it.")] IReadOnlyList<AssetListing> Listings,
    [property: Description("How far the sources' prices are apart; null where fewer than two sources give one.")] AssetDivergence? Divergence,
    [property: Description("Why the listings are one asset: each merge that made it.")] IReadOnlyList<AssetMerge> Merges,
    [property: Description("Ids of assets that became part of this one; they lead here.")] IReadOnlyList<Guid> FormerIds);

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
    [property: Description("Units that can ever exist.")] double? MaxSupply,
    [property: Description("When the quote was true, as the source says, UTC.")] DateTime? QuotedAt,
    [property: Description("When it was first seen here, UTC.")] DateTime CreatedAt,
    [property: Description("When it was last seen to change, UTC.")] DateTime UpdatedAt,
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
    [property: Description("How likely the rule is right, 0 to 1: it orders, it is no probability.")] double Confidence,
    [property: Description("What the two share.")] IReadOnlyList<string> Evidence,
    [property: Description("When it was decided, UTC.")] DateTime DecidedAt);

[Description("Where an asset went that became part of another.")]
internal sealed record AssetMoved(
    [property: Description("The id that was asked for.")] Guid AssetId,
    [property: Description("The asset that it is part of now.")] Guid MergedInto,
    [property: Description("When they became one, UTC.")] DateTime MergedAt);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AssetResponse))]
[JsonSerializable(typeof(AssetMoved))]
internal sealed partial class AssetJson : JsonSerializerContext;
