using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Postgres;
using Kasparro.Ingestion.Runs;
using Kasparro.Ingestion.Sources;
using Microsoft.Extensions.Options;
using Npgsql;
using Polly;

namespace Kasparro.Ingestion.Logos;

/// <summary>
/// Fetches the logos that are due, one after another and each once. Any number of workers may do so at the same time, with or without the
/// run lock: a logo depends only on its URL.
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

    /// <summary>How long other workers leave a logo alone that this worker has taken.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    /// <summary>The maximum duration of a pass, whose logos are announced at its end.</summary>
    private static readonly TimeSpan LongestPass = TimeSpan.FromSeconds(30);

    /// <summary>How long hosts that do not respond are left alone.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    /// <summary>How long an aborted pass tries to announce what it has stored; the next pass tries again.</summary>
    private static readonly TimeSpan LastWord = TimeSpan.FromSeconds(1);

    /// <summary>The assets whose logo was stored or removed, but which no catalogue version includes yet.</summary>
    private readonly List<Guid> _unannounced = [];

    /// <summary>Fetches the logos that are due, and announces the resulting catalogue version.</summary>
    /// <returns>How long to wait before the next pass, or null to check again at the usual interval.</returns>
    /// <exception cref="NpgsqlException">The database does not respond.</exception>
    public async Task<TimeSpan?> FetchDueAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.Enabled)
        {
            _unannounced.AddRange(await LogoStore.ClearAsync(dataSource, time.GetUtcNow(), cancellationToken));
            await AnnounceAsync(cancellationToken);
            return Rest;
        }

        // Simulated upstreams never cause requests to the internet.
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
                // The remaining logos are left as they are: it is their host that does not respond.
                pass.Unavailable = e.Explain();
                await FailAsync(pass.Unavailable);
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

    /// <summary>Publishes a new catalogue version, by which responses are cached, and announces it to the API's replicas.</summary>
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

    /// <summary>Announces what an aborted pass has stored, if that is possible immediately.</summary>
    private async Task TryAnnounceAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(LastWord, time);
            await AnnounceAsync(limit.Token);
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
        {
            // The original exception is being rethrown; the next pass announces these assets as well.
        }
    }

    /// <summary>The progress of a pass.</summary>
    private sealed class Pass(LogoClient client)
    {
        public LogoClient Client => client;

        public int Fetched { get; set; }

        public int Failed { get; set; }

        /// <summary>Why a host does not respond, or null as long as all hosts do.</summary>
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
