namespace Kasparro.Ingestion.Model;

/// <summary>The log scope of a run.</summary>
internal static class LogScopes
{
    /// <summary>Adds the run's source and id to every log entry, as <c>source</c> and <c>run_id</c>, until the scope is disposed.</summary>
    public static IDisposable? BeginRunScope(this ILogger logger, string source, Guid runId) =>
        logger.BeginScope(new Dictionary<string, object>(StringComparer.Ordinal) { ["source"] = source, ["run_id"] = runId });
}
