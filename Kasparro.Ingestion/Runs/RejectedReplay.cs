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
/// Reads rejected records again under today's rules, and loads those that pass. It is an ingestion like any other: lock, token, operators'
/// overrides, run, drift policy, the line that every page takes, and the search at the end.
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

    /// <summary>Replays the records of the named sources, or of all; those of CSV files come with their file, corrected.</summary>
    /// <exception cref="StaleFencingTokenException">Another worker took over; whole batches are in.</exception>
    /// <exception cref="RunLockUnavailableException">Redis, which has the lock, is away or refuses to write.</exception>
    /// <exception cref="OperationCanceledException">Stopped, or the lock was lost; whole batches are in.</exception>
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
            error = e.Message; // The policy of a field that drifted: what was loaded before stays, and the other sources are read.
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

        // Of a listing that has had a record of this kind since, an older one is old news and must not turn the catalogue back.
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
            return null; // Long payloads are kept cut; those cannot be read again, and stay rejected.
        }
    }

    private sealed record Replayed(SourcePage Page, IReadOnlyCollection<Guid> Settled, int Superseded);
}

/// <summary>How a replay ended.</summary>
/// <param name="LockedOut">An ingestion was running; nothing was read.</param>
/// <param name="Sources">What became of each source's records.</param>
internal sealed record ReplayOutcome(bool LockedOut, IReadOnlyList<SourceReplay> Sources);

/// <summary>What became of one source's rejected records.</summary>
internal sealed record SourceReplay(string Source, int Loaded, int Superseded, int StillRejected)
{
    /// <summary>Why not all of them were read; null where they were.</summary>
    public string? Error { get; init; }

    public int Read => Loaded + Superseded + StillRejected;
}
