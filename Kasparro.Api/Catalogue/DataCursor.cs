namespace Kasparro.Api.Catalogue;

/// <summary>A place between two rows of an order, next to a row that need not be there any more.</summary>
/// <param name="Token">As clients see it: opaque and signed.</param>
/// <param name="IsBackward">Whether the page ends before the row; else it begins after it.</param>
/// <param name="Key">The row.</param>
internal sealed record DataCursor(string Token, bool IsBackward, RowKey Key);

/// <summary>What an order compares of a row.</summary>
/// <param name="Value">The value of the field that the order is by: text, double, int, UTC time, id or bool; null where the row has
/// none.</param>
/// <param name="AssetId">Orders rows whose values are equal.</param>
/// <param name="ListingId">Orders listings of one asset; empty for assets.</param>
internal sealed record RowKey(object? Value, Guid AssetId, Guid ListingId);
