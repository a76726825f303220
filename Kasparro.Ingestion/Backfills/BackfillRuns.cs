using System.Diagnostics;
using Kasparro.Data.Runs;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Postgres;
using Kasparro.Ingestion.Rollups;
using Kasparro.Ingestion.Runs;
using Kasparro.Ingestion.Sources;
using Kasparro.Ingestion.Sources.Http;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kasparro.Ingestion.Backfills;

/// <summary>Opens and closes the runs of backfills.</summary>
internal sealed class BackfillRuns(
    NpgsqlDataSource dataSource,
    RunStore runs,
    UpstreamCalls calls,
    CandleRollup rollup,
    CatalogueAnnouncer announcer,
    BackfillTelemetry telemetry,
    IOptions<UpstreamKind> upstreams,
    TimeProvider time,
    ILogger<BackfillRuns> logger)
{
    /// <summary>Opens a run for a window and the windows after it.</summary>
    /// <exception cref="StaleFencingTokenException">Another worker has taken over.</exception>
    public async Task<BackfillRun> BeginAsync(BackfillPart part, long token, CancellationToken cancellationToken)
    {
        _ = ActivityContext.TryParse(part.TraceParent, traceState: null, isRemote: true, out var requestedBy);
        var span = IngestionTelemetry.Spans.StartActivity($"backfill {part.Source}", ActivityKind.Consumer, requestedBy);
        var run = await runs.StartAsync(
            part.BackfillId, part.Source, RunTrigger.Backfill, upstreams.Value.Kind, token, cancellationToken);
        span?.SetTag("kasparro.run_id", run.RunId);
        return new(run, part.BackfillId, time.GetTimestamp(), calls.GetCount(part.Source), span);
    }

    /// <summary>Closes a run and publishes what it read, including candles, which a stopping worker leaves to the next ingestion.</summary>
    public async Task EndAsync(BackfillRun run, string status, string? error, IngestionCancellation cancellation)
    {
        string? notClosed = null;
        try
        {
            await CloseAsync(run, status, error, cancellation);
        }
        catch (Exception e) when (e is NpgsqlException or StaleFencingTokenException or OperationCanceledException)
        {
            notClosed = e.Explain();
        }

        using var scope = logger.BeginRunScope(run.Run.Source, run.Run.RunId); // Not earlier: the roll-up has its own scope.
        if (notClosed is not null)
        {
            BackfillLog.NotClosed(logger, run.Run.Source, status, notClosed);
        }

        run.Span?.SetStatus(error is null ? ActivityStatusCode.Ok : ActivityStatusCode.Error, error);
        run.Span?.Dispose();
        telemetry.RunEnded(run.Run.Source, status);
        if (error is null)
        {
            BackfillLog.Ended(logger, run.Run.Source, run.Run.RunId, status, run.Windows, run.Written);
        }
        else
        {
            BackfillLog.Failed(logger, run.Run.Source, status, error);
        }
    }

    private async Task CloseAsync(BackfillRun run, string status, string? error, IngestionCancellation cancellation)
    {
        await runs.FinishAsync(
            run.Run, status, error, run.Loading, calls.GetCount(run.Run.Source) - run.CallsBefore, cancellation.Closing)
            .WaitAsync(cancellation.Closing);
        if (run.Written > 0 && status is not RunStatus.LostLock)
        {
            if (!cancellation.IsEnding)
            {
                await rollup.ApplyAsync(run.Run.FencingToken, cancellation.Loading, cancellation.Abandon);
            }

            await MoveVersionAsync(run.Run, cancellation.Closing);
        }
    }

    /// <summary>Publishes a new catalogue version, so that clients refresh histories that they cached by version.</summary>
    private async Task MoveVersionAsync(ActiveRun run, CancellationToken cancellationToken)
    {
        await using var transaction = await FencedTransaction.BeginAsync(dataSource, run.FencingToken, cancellationToken);
        var version = await CatalogueVersionStore.MoveAsync(
            transaction.Connection, time.GetUtcNow(), run.Source, listingsAdded: 0, new AssetChanges(), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await announcer.AnnounceAsync(version);
    }
}
