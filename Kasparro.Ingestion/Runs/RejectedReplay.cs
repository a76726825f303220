using System.Text.Json;
using Kasparro.Data.Runs;
using Kasparro.Ingestion.Loading;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Postgres;
using Kasparro.Ingestion.Sources;
using Kasparro.Ingestion.Sources.Drift;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kasparro.Ingestion.Runs;

/// <summary>
/// Reads rejected records again under the current rules and loads those that pass. It is an ingestion like any other, with the lock, a
/// fencing token, the operators' overrides, a run, the drift policy, the usual page loading and the search refresh at the end.
/// </summary>
internal sealed class RejectedReplay(
    IEnumerable<ISource> sources,
    RunLock runLock,
    NpgsqlDataSource dataSource,
    LeaseStore lease,
    RunStore runs,
    OverridesLoader overrides,
    PageLoader loader,
    AssetSearch search,
    CatalogueAnnouncer announcer,
    Partitions partitions,
    IOptions<UpstreamKind> upstreams,
    IOptions<SchemaDriftOptions> drift,
    TimeProvider time,
    ILogger<RejectedReplay> logger)
{
    private const int BatchSize = 1_000;

    /// <summary>Replays the records of the given sources, or of all; those of CSV files are read again with their corrected file.</summary>
    /// <exception cref="StaleFencingTokenException">Another worker took over; complete batches are committed.</exception>
    /// <exception cref="RunLockUnavailableException">Redis, which holds the lock, is unavailable or refuses writes.</exception>
    /// <exception cref="OperationCanceledException">Stopped, or the lock was lost; complete batches are committed.</exception>
    public async Task<ReplayOutcome> RunAsync(IReadOnlyCollection<string> names, CancellationToken stopping)
    {
        await using var held = await runLock.TryAcquireAsync(stopping);
        if (held is null)
        {
            return new(LockedOut: true, []);
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, held.LostToken);
        var token = await lease.DrawTokenAsync(either.Token);
        partitions.Forget();
        if (await overrides.ApplyAsync(token, either.Token) is { } version)
        {
            await announcer.AnnounceAsync(version);
        }

        var ingestionId = Guid.CreateVersion7(time.GetUtcNow());
        var outcomes = new List<SourceReplay>();
        foreach (var source in sources.Where(source => names.Count == 0 || names.Contains(source.Name, StringComparer.Ordinal)))
        {
            var streams = source.GetStreams(new IngestionRequest(RunTrigger.Replay, names.ToList())).Where(stream => stream.Map is not null)
                .ToList();
            if (streams.Count > 0)
            {
                outcomes.Add(await ReplaySourceAsync(source.Name, streams, ingestionId, token, either.Token));
            }
        }

        await search.RefreshAsync(either.Token);
        return new(LockedOut: false, outcomes);
    }

    private async Task<SourceReplay> ReplaySourceAsync(
        string source, List<ISourceStream> streams, Guid ingestionId, long token, CancellationToken cancellationToken)
    {
        var run = await runs.StartAsync(ingestionId, source, RunTrigger.Replay, upstreams.Value.Kind, token, cancellationToken);
        using var scope = logger.BeginRunScope(source, run.RunId);
        var began = time.GetTimestamp();
        var outcome = new SourceReplay(source, 0, 0, 0);
        string? error = "Ended before all rejected records were read; the same command continues.";
        var status = RunStatus.Failed;
        try
        {
            foreach (var stream in streams)
            {
                outcome = await ReplayStreamAsync(run, stream, outcome, cancellationToken);
            }

            (status, error) = (RunStatus.Completed, null);
            return outcome;
        }
        catch (SourceException e)
        {
            error = e.Message; // The policy for a drifted field applies: what was loaded is kept, and the other sources are read.
            return outcome with { Error = error };
        }
        finally
        {
            if (error is not null)
            {
                IngestionLog.Failed(logger, source, status, error);
            }

            await runs.FinishAsync(run, status, error, time.GetElapsedTime(began), upstreamCalls: 0, CancellationToken.None);
        }
    }

    private async Task<SourceReplay> ReplayStreamAsync(
        ActiveRun run, ISourceStream stream, SourceReplay sum, CancellationToken cancellationToken)
    {
        StoredRejection? last = null;
        while (true)
        {
            List<StoredRejection> batch;
            Replayed replayed;
            await using (var connection = await dataSource.OpenConnectionAsync(cancellationToken))
            {
                batch = await RejectedRecordStore.ReadAsync(connection, run.Source, stream.Name, last, BatchSize, cancellationToken);
                if (batch.Count == 0)
                {
                    return sum;
                }

                replayed = await ReadAgainAsync(connection, run.Source, stream, batch, cancellationToken);
            }

            last = batch[^1];
            var outcome = await loader.ReplayAsync(run, stream, replayed.Page, replayed.Settled, cancellationToken);
            if (outcome.CatalogueVersion is { } version)
            {
                await announcer.AnnounceAsync(version);
            }

            sum = sum with
            {
                Loaded = sum.Loaded + replayed.Page.Records.Count,
                Superseded = sum.Superseded + replayed.Superseded,
                StillRejected = sum.StillRejected + batch.Count - replayed.Settled.Count,
            };
        }
    }

    private async Task<Replayed> ReadAgainAsync(
        NpgsqlConnection connection, string source, ISourceStream stream, List<StoredRejection> batch, CancellationToken cancellationToken)
    {
        var detector = stream.Schema is { } schema ? new SchemaDriftDetector(schema, drift.Value) : null;
        var builder = new JsonPageBuilder(source, stream.Map!, ResumePoint.Start, time.GetUtcNow(), detector);
        var passed = new List<StoredRejection>();
        foreach (var stored in batch)
        {
            if (Parse(stored.Payload) is not { } element)
            {
                continue;
            }

            var rejected = builder.RejectedCount;
            builder.Add(element);
            if (builder.RejectedCount == rejected)
            {
                passed.Add(stored);
            }
        }

        var page = builder.Take();
        var known = await ListingStore.ReadKnownAsync(
            connection, stream.Kind, [.. page.Records.Select(record => record.ListingId).Distinct()], cancellationToken);

        // If a listing has since had a newer record of this kind, the rejected one is outdated and must not revert the catalogue.
        var records = page.Records
            .Where((record, i) => !known.TryGetValue(record.ListingId, out var listing) || !(listing.SeenAt > passed[i].RejectedAt))
            .ToList();
        return new(
            page with { Records = records }, passed.ConvertAll(stored => stored.Fingerprint), page.Records.Count - records.Count);
    }

    private static JsonElement? Parse(string payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload, new JsonDocumentOptions { MaxDepth = 512 });
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null; // Long payloads are stored truncated; they cannot be parsed, and stay rejected.
        }
    }

    private sealed record Replayed(SourcePage Page, IReadOnlyCollection<Guid> Settled, int Superseded);
}

/// <summary>The outcome of a replay.</summary>
/// <param name="LockedOut">Whether an ingestion was running, so that nothing was read.</param>
/// <param name="Sources">The outcome of each source's records.</param>
internal sealed record ReplayOutcome(bool LockedOut, IReadOnlyList<SourceReplay> Sources);

/// <summary>The outcome of one source's rejected records.</summary>
internal sealed record SourceReplay(string Source, int Loaded, int Superseded, int StillRejected)
{
    /// <summary>Why not all records were read, or null if they were.</summary>
    public string? Error { get; init; }

    public int Read => Loaded + Superseded + StillRejected;
}
