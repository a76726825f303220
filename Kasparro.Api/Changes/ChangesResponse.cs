using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Kasparro.Api.Changes;

[Description("What changed after a version of the catalogue. Applied in order, the pages turn a copy of that version into the newest.")]
internal sealed record ChangesResponse(
    [property: Description("The since of the request.")] string Since,
    [property: Description("What to send as since next, as it is: a version with its epoch, which a restored or failed-over catalogue " +
        "does not share.")] string NextSince,
    [property: Description("The catalogue's newest version when this was read.")] long Version,
    [property: Description("Whether more changes can be requested at once.")] bool HasMore,
    [property: Description("Assets that were added or changed, each once, as they are now.")] IReadOnlyList<ChangedAsset> Changed,
    [property: Description("Assets that no longer exist, each once.")] IReadOnlyList<RemovedAsset> Removed)
{
    public static ChangesResponse Example { get; } = new(
        "812.8dea72b0f4b5c00", "813.8dea72c75c6d400", 813, HasMore: false,
        [
            new(
                new("5c1f6a1e-52a5-5f0e-8f0b-0c8b1b9d7a55"), "OMG", "OMG Network", IsActive: true, 0.62, 86_900_000, 12_300_000, 411,
                "coinpaprika", new(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc)),
        ],
        [new(new("b7f1f3a0-6a0b-5a58-9a57-5b0b7a0f3c11"), new("5c1f6a1e-52a5-5f0e-8f0b-0c8b1b9d7a55"))]);
}

[Description("An asset as it is now.")]
internal sealed record ChangedAsset(
    [property: Description("The asset's id.")] Guid AssetId,
    [property: Description("The ticker symbol as the best source spells it; not unique.")] string Symbol,
    [property: Description("The name as the best source spells it.")] string Name,
    [property: Description("Whether any source still lists it as active; /data shows only those.")] bool IsActive,
    [property: Description("Price in US dollars; null where the source gives none.")] double? PriceUsd,
    [property: Description("Market capitalisation in US dollars; null where the source gives none.")] double? MarketCap,
    [property: Description("Trading volume of the last 24 hours in US dollars; null where the source gives none."),
        JsonPropertyName("volume_24h")] double? Volume24h,
    [property: Description("The source's rank by market capitalisation, from 1; null where it gives none.")] int? Rank,
    [property: Description("The source of these values: coinpaprika, coingecko or csv_source.")] string Source,
    [property: Description("When these values were true at their source, UTC.")] DateTime UpdatedAt);

[Description("An asset that no longer exists.")]
internal sealed record RemovedAsset(
    [property: Description("The id that it had.")] Guid AssetId,
    [property: Description("The asset that it became part of; null where there is none.")] Guid? MergedInto);
