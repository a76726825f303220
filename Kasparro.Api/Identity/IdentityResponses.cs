using System.ComponentModel;
using Kasparro.Api.Assets;

namespace Kasparro.Api.Identity;

[Description("Pairs of listings that a rule would merge and that were kept apart.")]
internal sealed record ConflictPage(
    [property: Description("The most likely merges first.")] IReadOnlyList<Conflict> Conflicts,
    [property: Description("The cursor of the next page; null on the last page.")] string? NextCursor)
{
    public static ConflictPage Example { get; } = new(
        [
            new(
                new(AssetResponse.ExampleId, AssetResponse.ExampleId, "coinpaprika", "maga-maga-coin", "MAGA", "MAGA coin", IsActive: true),
                new(AssetResponse.ExampleFormerId, AssetResponse.ExampleFormerId, "coingecko", "maga-coin", "MAGA", "MAGA Coin BSC",
                    IsActive: true),
                "symbol_slug", "other_form", 0.85, ["symbol MAGA", "slug magacoin"], AssetResponse.ExampleTime.AddDays(-19)),
        ],
        "P-szMzMzMzNcH2oeUqVfDo8LDIsbnXpVt_HzoGoLWliaV1sLeg88EQ");
}

[Description("Two listings that are not one asset although a rule would merge them.")]
internal sealed record Conflict(
    [property: Description("One listing.")] ListingReference Listing,
    [property: Description("The other listing.")] ListingReference Other,
    [property: Description("The rule that would merge them.")] string Rule,
    [property: Description("Why they are not merged: ambiguous, taken, other_contract, other_form, price, override, …")] string Reason,
    [property: Description("The rule's confidence, 0 to 1. It orders conflicts; it is not a probability.")] double Confidence,
    [property: Description("What the two share, and what speaks against it.")] IReadOnlyList<string> Evidence,
    [property: Description("When it was decided, UTC.")] DateTime DecidedAt);

[Description("A listing and the asset that it belongs to.")]
internal sealed record ListingReference(
    [property: Description("The listing's id.")] Guid ListingId,
    [property: Description("The asset that it belongs to.")] Guid AssetId,
    [property: Description("The source.")] string Source,
    [property: Description("The source's own id.")] string ExternalId,
    [property: Description("The ticker symbol as sent.")] string Symbol,
    [property: Description("The name as sent.")] string Name,
    [property: Description("Whether the source lists it as active.")] bool IsActive);

[Description("Overrides: what people decided about pairs of listings.")]
internal sealed record OverrideList(
    [property: Description("The overrides in force, and removed ones that the catalogue still shows.")]
    IReadOnlyList<OverrideResponse> Overrides)
{
    public static OverrideList Example { get; } = new([OverrideResponse.Example]);
}

[Description("An override: what people decided about two listings.")]
internal sealed record OverrideResponse(
    [property: Description("One listing; the smaller id.")] Guid ListingId,
    [property: Description("The other listing.")] Guid OtherId,
    [property: Description("Whether they are one asset; null when the override was removed.")] bool? IsSame,
    [property: Description("file (identity-overrides.yaml) or operator.")] string Origin,
    [property: Description("Whether the catalogue shows it already. If not, the next ingestion applies it.")] bool Applied,
    [property: Description("Why, in the operator's words.")] string? Reason,
    [property: Description("The name of the key that was used.")] string? ChangedBy,
    [property: Description("When the operator set it, UTC.")] DateTime? ChangedAt)
{
    public static OverrideResponse Example { get; } = new(
        AssetResponse.ExampleId, AssetResponse.ExampleFormerId, IsSame: false, "operator", Applied: false,
        "The second is the copy on BNB Smart Chain.", "Operator:Key",
        AssetResponse.ExampleTime);
}
