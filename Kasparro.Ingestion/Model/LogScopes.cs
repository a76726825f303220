namespace Kasparro.Ingestion.Model;

/// <summary>What the log lines of a run carry.</summary>
internal static class LogScopes
{
    /// <summary>Has each line until the scope is disposed carry the run's source and id, as <c>source</c> and <c>run_id</c>.</summary>
    public static IDisposable? BeginRunScope(this ILogger logger, string source, Guid runId) =>
        logger.BeginScope(new Dictionary<string, object>(StringComparer.Ordinal) { ["source"] = source, ["run_id"] = runId });
}
