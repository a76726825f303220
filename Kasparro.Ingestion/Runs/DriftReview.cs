using Kasparro.Data.Runs;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Postgres;
using Kasparro.Ingestion.Sources.Drift;
using Npgsql;

namespace Kasparro.Ingestion.Runs;

/// <summary>Reviews the schema drifts of a run at its end: finds likely renames, logs one warning and counts the drifts.</summary>
internal sealed partial class DriftReview(NpgsqlDataSource dataSource, IngestionTelemetry telemetry, ILogger<DriftReview> logger)
{
    private const int Samples = 50;
    private const int Shown = 5;

    /// <summary>Reviews a run. Drifts concern other parties' schemas, so a failure of the review itself is only logged.</summary>
    public async Task ReviewAsync(ActiveRun run, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            var drifts = await SchemaDriftStore.ReadAsync(connection, run.RunId, cancellationToken);
            if (drifts.Count == 0)
            {
                return;
            }

            if (await FindRenamesAsync(connection, run, drifts, cancellationToken))
            {
                drifts = await SchemaDriftStore.ReadAsync(connection, run.RunId, cancellationToken);
            }

            foreach (var drift in drifts)
            {
                // There are too many files for a label, and their names are arbitrary.
                telemetry.SchemaDrifted(run.Source, run.Source == SourceNames.Csv ? "files" : drift.Stream, drift.Kind);
            }

            var rest = drifts.Count > Shown ? $"; and {drifts.Count - Shown} more in schema_drifts" : "";
            Log.Drifted(logger, run.Source, drifts.Count, string.Join("; ", drifts.Take(Shown)) + rest);
        }
        catch (Exception e) when (e is NpgsqlException or StaleFencingTokenException)
        {
            Log.NotReviewed(logger, run.Source, e.Explain());
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Log.NotReviewed(logger, run.Source, "the run lock was lost.");
        }
    }

    private async Task<bool> FindRenamesAsync(
        NpgsqlConnection connection, ActiveRun run, List<StoredDrift> drifts, CancellationToken cancellationToken)
    {
        var renamed = false;
        foreach (var stream in drifts.GroupBy(drift => drift.Stream, StringComparer.Ordinal))
        {
            if (!stream.Any(drift => drift.Kind == DriftKind.Missing) || !stream.Any(drift => drift.Kind == DriftKind.Added))
            {
                continue;
            }

            var samples = await SchemaDriftStore.ReadSamplesAsync(connection, run.RunId, stream.Key, Samples, cancellationToken);
            var guesses = RenameGuess.Find([.. stream], samples);
            if (guesses.Count == 0)
            {
                continue;
            }

            await using var transaction = await FencedTransaction.BeginAsync(dataSource, run.FencingToken, cancellationToken);
            foreach (var guess in guesses)
            {
                await SchemaDriftStore.RenameAsync(
                    transaction.Connection, run.RunId, stream.Key, guess.From, guess.To, guess.Confidence, cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
            renamed = true;
        }

        return renamed;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Source}: the schema has drifted in {Count} places: {Drifts}.")]
        public static partial void Drifted(ILogger logger, string source, int count, string drifts);

        [LoggerMessage(LogLevel.Warning, "{Source}: the run's schema drifts could not be reviewed: {Reason}")]
        public static partial void NotReviewed(ILogger logger, string source, string reason);
    }
}
