using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Runs;

/// <summary>A run that has ended, and what is recorded at its end.</summary>
internal sealed record EndedRun(ActiveRun Run, string Status, string? Error, TimeSpan Loading, int UpstreamCalls);
