using System.ComponentModel;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace Kasparro.Api.Identity;

/// <summary>The two listings of an override.</summary>
internal sealed record OverridePath(
    [property: FromRoute(Name = "listing_id"), Description("A listing's id, as in /assets/{id} and /identity/conflicts.")] Guid ListingId,
    [property: FromRoute(Name = "other_id"), Description("Another listing's id. The order of the two does not matter.")] Guid OtherId)
{
    public ListingPair Pair => ListingPair.From(ListingId, OtherId);
}

[Description("An override that an operator sets.")]
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record OverrideRequest(
    [property: Description("Whether the two are one asset.")] bool? IsSame,
    [property: Description("Why. It is kept with the override.")] string? Reason)
{
    public const int MaxReasonLength = 500;

    public static OverrideRequest Example { get; } = new(IsSame: false, "The second is the copy on BNB Smart Chain.");
}
