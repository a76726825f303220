using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Runs;

/// <summary>A run that has ended, with what is to be written of its end.</summary>
internal sealed record EndedRun(ActiveRun Run, string Status, string? Error, TimeSpan Loading, int UpstreamCalls);
