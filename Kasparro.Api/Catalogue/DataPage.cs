using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Kasparro.Api.Catalogue;

/// <summary>
/// The shape of <c>/data</c>'s response, for the OpenAPI document; <see cref="PageJson"/> and <see cref="DataEndpoint"/> write it.
/// </summary>
[Description("One page of the catalogue, from one state of it.")]
internal sealed record DataPage(
    [property: Description("The request's id, as in the header X-Request-Id.")] Guid RequestId,
    [property: Description("How long the response took, in milliseconds.")] double ApiLatencyMs,
    [property: Description(
        "The rows in the order of sort: by default by market capitalisation, "
            + "the largest first and rows without one last; then by asset_id.")] IReadOnlyList<DataRow> Data,
    [property: Description("Rows on all pages together. Of filtered rows at most 10000 are counted.")] long Total,
    [property: Description("The page, from 1; null with a cursor.")] int? Page,
    [property: Description("Rows a page.")] int PageSize,
    [property: Description("eq when total is exact, gte when there are at least that many rows.")] string TotalRelation,
    [property: Description("The rows after these: a path with a query; null on the last page.")] string? Next,
    [property: Description("The rows before these: a path with a query; null on the first page.")] string? Prev,
    [property: Description("The currency of amounts; only with vs_currency.")] string? VsCurrency = null,
    [property: Description("When its rate was fetched, UTC; only with vs_currency.")] DateTime? RateAt = null)
{
    public static DataPage Example { get; } = new(
        new("0d9a4c56-3c8e-4a57-9d0e-6f6c9f6f2b1a"), 0.042,
        [
            new(
                "BTC", "Bitcoin", 64_210.55, 1_265_000_000_000, "coinpaprika", new("5c1f6a1e-52a5-5f0e-8f0b-0c8b1b9d7a55"),
                new(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc), 31_500_000_000, 1, IsActive: true),
        ],
        43_235, 1, 1, "eq", "/data?page_size=1&cursor=AAEAAACAU2hyQlwfah5SpV8OjwsMixudelU", Prev: null);
}

[Description("An asset, or with source a listing.")]
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
    [property: Description("Whether any source lists it as active; only where fields asks for it.")] bool? IsActive = null,
    [property: Description("The price in vs_currency, in place of price_usd; only with vs_currency.")] double? Price = null);
