namespace Kasparro.Ingestion.Model;

/// <summary>A new result of comparing two listings' prices, taken at nearly the same time.</summary>
/// <param name="ListingId">The listing of the source that comes first.</param>
/// <param name="OtherId">The other listing.</param>
/// <param name="Agrees">Whether the prices agree; false if they differ by a large factor.</param>
/// <param name="Ratio">The higher price divided by the lower one.</param>
internal readonly record struct MeasuredPair(Guid ListingId, Guid OtherId, bool Agrees, double Ratio);
