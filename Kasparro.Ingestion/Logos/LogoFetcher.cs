using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Postgres;
using Kasparro.Ingestion.Runs;
using Kasparro.Ingestion.Sources;
using Microsoft.Extensions.Options;
using Npgsql;
using Polly;

namespace Kasparro.Ingestion.Logos;

/// <summary>
/// Fetches the logos that are due, one after the other, once each. Any number of workers may do it at a time, and regardless of the run
/// lock: a logo follows from its URL alone.
/// </summary>
internal sealed partial class LogoFetcher(
    NpgsqlDataSource dataSource,
    IServiceProvider services,
    CatalogueAnnouncer announcer,
    IOptions<LogoOptions> options,
    IOptions<UpstreamKind> upstreams,
    TimeProvider time,
    ILogger<LogoFetcher> logger)
{
    private const int Batch = 20;

    /// <summary>How long other workers leave a logo alone that this one has taken.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    /// <summary>How long a pass takes at the most: what it has fetched is shown at its end.</summary>
    private static readonly TimeSpan LongestPass = TimeSpan.FromSeconds(30);

    /// <summary>How long hosts are left alone that do not respond.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    /// <summary>How long a pass that breaks off tries to announce what it has stored; the next pass tries again.</summary>
    private static readonly TimeSpan LastWord = TimeSpan.FromSeconds(1);

    /// <summary>Assets whose logo was stored, or removed, and that no version of the catalogue has named yet.</summary>
    private readonly List<Guid> _unannounced = [];

    /// <summary>Fetches what is due, and announces the version of the catalogue that this makes.</summary>
    /// <returns>How long it is until the next pass is worth it; null where the next look finds out.</returns>
    /// <exception cref="NpgsqlException">The database does not respond.</exception>
    public async Task<TimeSpan?> FetchDueAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.Enabled)
        {
            _unannounced.AddRange(await LogoStore.ClearAsync(dataSource, time.GetUtcNow(), cancellationToken));
            await AnnounceAsync(cancellationToken);
            return Rest;
        }

        // What is simulated never leaves the machine.
        if (!upstreams.Value.IsLive && options.Value.Origin is null)
        {
            return Timeout.InfiniteTimeSpan;
        }

        var began = time.GetTimestamp();
        var pass = new Pass(services.GetRequiredService<LogoClient>());
        try
        {
            while (pass.Unavailable is null && time.GetElapsedTime(began) < LongestPass)
            {
                var now = time.GetUtcNow();
                var due = await LogoStore.TakeDueAsync(dataSource, Batch, now, now + Lease, cancellationToken);
                if (due.Count == 0)
                {
                    break;
                }

                await FetchAsync(pass, due, cancellationToken);
            }

            await AnnounceAsync(cancellationToken);
        }
        catch
        {
            await TryAnnounceAsync();
            throw;
        }

        if (pass.Fetched + pass.Failed > 0)
        {
            Log.Fetched(logger, pass.Fetched, pass.Failed);
        }

        if (pass.Unavailable is { } reason)
        {
            Log.Unavailable(logger, reason, Rest);
            return Rest;
        }

        return time.GetElapsedTime(began) < LongestPass ? null : TimeSpan.Zero;
    }

    private async Task FetchAsync(Pass pass, IReadOnlyList<DueLogo> due, CancellationToken cancellationToken)
    {
        foreach (var logo in due)
        {
            try
            {
                var image = await pass.Client.GetAsync(logo.Url, cancellationToken);
                var asset = await LogoStore.StoreAsync(
                    dataSource, logo, image.ContentType, image.Content, time.GetUtcNow(), cancellationToken);
                pass.Fetched += asset is null ? 0 : 1;
                _unannounced.AddRange(asset is { } id ? [id] : []);
            }
            catch (LogoRefusedException e)
            {
                await FailAsync(e.Message);
            }
            catch (Exception e) when (e is HttpRequestException or ExecutionRejectedException
                || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                // The others are left as they are: it is their host that does not respond.
                await FailAsync(e.Message);
                pass.Unavailable = e.Message;
                return;
            }

            if (options.Value.RequestsPerMinute > 0)
            {
                await Task.Delay(TimeSpan.FromMinutes(1) / options.Value.RequestsPerMinute, time, cancellationToken);
            }

            Task FailAsync(string reason)
            {
                pass.Failed++;
                return LogoStore.FailAsync(
                    dataSource, logo, reason, time.GetUtcNow() + options.Value.RetryInterval, cancellationToken);
            }
        }
    }

    /// <summary>Moves the catalogue's version, by which pages are kept, and tells the API's replicas.</summary>
    private async Task AnnounceAsync(CancellationToken cancellationToken)
    {
        if (_unannounced.Count == 0)
        {
            return;
        }

        var changes = new AssetChanges();
        changes.Add(0, _unannounced);
        long version;
        await using (var connection = await dataSource.OpenConnectionAsync(cancellationToken))
        {
            version = await CatalogueVersionStore.MoveAsync(
                connection, time.GetUtcNow(), SourceNames.CoinGecko, listingsAdded: 0, changes, cancellationToken);
        }

        _unannounced.Clear();
        await announcer.AnnounceAsync(version);
    }

    /// <summary>Announces what a pass has stored that breaks off, if that is possible at once.</summary>
    private async Task TryAnnounceAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(LastWord, time);
            await AnnounceAsync(limit.Token);
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
        {
            // What broke the pass is on its way up, and the next one announces these too.
        }
    }

    /// <summary>What a pass has done so far.</summary>
    private sealed class Pass(LogoClient client)
    {
        public LogoClient Client => client;

        public int Fetched { get; set; }

        public int Failed { get; set; }

        /// <summary>Why a host does not respond; null while none is known not to.</summary>
        public string? Unavailable { get; set; }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Logos: {Fetched} fetched, {Failed} could not be.")]
        public static partial void Fetched(ILogger logger, int fetched, int failed);

        [LoggerMessage(LogLevel.Warning, "Logos: {Reason} Next attempt in {Wait}.")]
        public static partial void Unavailable(ILogger logger, string reason, TimeSpan wait);
    }
}
