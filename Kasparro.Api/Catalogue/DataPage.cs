using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Kasparro.Api.Catalogue;

/// <summary>
/// The shape of <c>/data</c>'s answer, for the OpenAPI document; <see cref="PageJson"/> and <see cref="DataEndpoint"/> write it.
/// </summary>
[Description("One page of the catalogue, from one state of it.")]
internal sealed record DataPage(
    [property: Description("The request's id, as in the header X-Request-Id.")] Guid RequestId,
    [property: Description("How long the answer took, in milliseconds.")] double ApiLatencyMs,
    [property: Description("In the order that sort asks for: by default by market capitalisation, the largest first and those without " +
        "one last; then by asset_id.")] IReadOnlyList<DataRow> Data,
    [property: Description("Rows on all pages together; of filtered rows at most 10000 are counted.")] long Total,
    [property: Description("The page, from 1; null where a cursor says where it begins.")] int? Page,
    [property: Description("Rows a page.")] int PageSize,
    [property: Description("eq where total is exact, gte where there are that many rows and more.")] string TotalRelation,
    [property: Description("The rows after these: a path with a query; null where there are none.")] string? Next,
    [property: Description("The rows before these: a path with a query; null where there are none.")] string? Prev);

[Description("An asset, or with source what that source lists.")]
internal sealed record DataRow(
    [property: Description("The ticker symbol as the source spells it; not unique.")] string Symbol,
    [property: Description("The name as the source spells it.")] string Name,
    [property: Description("Price in US dollars; null where the source gives none.")] double? PriceUsd,
    [property: Description("Market capitalisation in US dollars; null where the source gives none.")] double? MarketCap,
    [property: Description("The source of these values: coinpaprika, coingecko or csv_source.")] string Source,
    [property: Description("The asset's id: it never changes.")] Guid AssetId,
    [property: Description("When these values were true at their source, UTC.")] DateTime UpdatedAt,
    [property: Description("Trading volume of the last 24 hours in US dollars; only where fields asks for it."),
        JsonPropertyName("volume_24h")] double? Volume24h = null,
    [property: Description("The source's rank by market capitalisation, from 1; only where fields asks for it.")] int? Rank = null,
    [property: Description("Whether any source lists it as active; only where fields asks for it.")] bool? IsActive = null);
