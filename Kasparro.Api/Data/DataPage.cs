using System.ComponentModel;

namespace Kasparro.Api.Data;

/// <summary>The shape of <c>/data</c>'s answer, for the OpenAPI document; <see cref="PageJson"/> and <see cref="DataEndpoint"/> write it.</summary>
[Description("One page of the catalogue, from one state of it.")]
internal sealed record DataPage(
    [property: Description("The request's id, as in the header X-Request-Id.")] Guid RequestId,
    [property: Description("How long the answer took, in milliseconds.")] double ApiLatencyMs,
    [property: Description("By market capitalisation, the largest first and those without one last; then by asset_id.")] IReadOnlyList<DataRow> Data,
    [property: Description("Rows on all pages together.")] long Total,
    [property: Description("The page, from 1.")] int Page,
    [property: Description("Rows a page.")] int PageSize);

[Description("An asset, or with source what that source lists.")]
internal sealed record DataRow(
    [property: Description("The ticker symbol as the source spells it; not unique.")] string Symbol,
    [property: Description("The name as the source spells it.")] string Name,
    [property: Description("Price in US dollars; null where the source gives none.")] double? PriceUsd,
    [property: Description("Market capitalisation in US dollars; null where the source gives none.")] double? MarketCap,
    [property: Description("The source of these values: coinpaprika, coingecko or csv_source.")] string Source,
    [property: Description("The asset's id: it never changes.")] Guid AssetId,
    [property: Description("When these values were true at their source, UTC.")] DateTime UpdatedAt);
