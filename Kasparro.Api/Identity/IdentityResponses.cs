using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Kasparro.Api.Identity;

[Description("Pairs of listings that a rule would have united and that were kept apart.")]
internal sealed record ConflictPage(
    [property: Description("The most likely merges first.")] IReadOnlyList<Conflict> Conflicts,
    [property: Description("What to send as cursor for the next page; null on the last one.")] string? NextCursor);

[Description("Two listings that are not one asset although a rule would unite them.")]
internal sealed record Conflict(
    [property: Description("One listing.")] ListingReference Listing,
    [property: Description("The other listing.")] ListingReference Other,
    [property: Description("The rule that would unite them.")] string Rule,
    [property: Description("Why they are not united: ambiguous, taken, other_contract, other_form, price, override, …")] string Reason,
    [property: Description("How likely the merge would have been right, 0 to 1: it orders, it is no probability.")] double Confidence,
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

[Description("What people have decided about pairs of listings.")]
internal sealed record OverrideList(
    [property: Description("Those in force, and those taken back that the catalogue still shows.")] IReadOnlyList<OverrideResponse> Overrides);

[Description("What people have decided about two listings.")]
internal sealed record OverrideResponse(
    [property: Description("One listing; the smaller id.")] Guid ListingId,
    [property: Description("The other listing.")] Guid OtherId,
    [property: Description("Whether they are one asset; null where the override was taken back.")] bool? IsSame,
    [property: Description("file (identity-overrides.yaml) or operator.")] string Origin,
    [property: Description("Whether the catalogue shows it already; otherwise the next ingestion applies it.")] bool Applied,
    [property: Description("Why, in the operator's words.")] string? Reason,
    [property: Description("Whose key was used.")] string? ChangedBy,
    [property: Description("When the operator said so, UTC.")] DateTime? ChangedAt);

[Description("What an operator decides about two listings.")]
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record OverrideRequest(
    [property: Description("Whether the two are one asset.")] bool? IsSame,
    [property: Description("Why; it is kept for whoever asks.")] string? Reason);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ConflictPage))]
[JsonSerializable(typeof(OverrideList))]
[JsonSerializable(typeof(OverrideResponse))]
[JsonSerializable(typeof(OverrideRequest))]
internal sealed partial class IdentityJson : JsonSerializerContext;
