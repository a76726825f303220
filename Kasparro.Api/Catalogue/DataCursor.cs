namespace Kasparro.Api.Catalogue;

/// <summary>A position in a sort order, next to a row that may no longer exist.</summary>
/// <param name="Token">The form that clients see: opaque and signed.</param>
/// <param name="IsBackward">Whether the page ends before the row rather than beginning after it.</param>
/// <param name="Key">The row's sort key.</param>
internal sealed record DataCursor(string Token, bool IsBackward, RowKey Key);

/// <summary>The sort key of a row.</summary>
/// <param name="Value">The value of the sort field: text, double, int, UTC time, id or bool; null if the row does not have one.</param>
/// <param name="AssetId">The tie-breaker of rows whose values are equal.</param>
/// <param name="ListingId">The tie-breaker of listings of one asset; empty for assets.</param>
internal sealed record RowKey(object? Value, Guid AssetId, Guid ListingId);
