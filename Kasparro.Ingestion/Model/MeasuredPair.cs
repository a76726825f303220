namespace Kasparro.Ingestion.Model;

/// <summary>What prices, taken at nearly the same time, newly say about two listings.</summary>
/// <param name="ListingId">The listing of the source that comes first.</param>
/// <param name="OtherId">The other.</param>
/// <param name="Agrees">Whether they agree; false where they were apart by a factor.</param>
/// <param name="Ratio">The higher price divided by the lower one.</param>
internal readonly record struct MeasuredPair(Guid ListingId, Guid OtherId, bool Agrees, double Ratio);
