using System.Threading.Channels;
using Kasparro.Api.Catalogue;
using Kasparro.Api.Postgres;
using Microsoft.Extensions.Options;

namespace Kasparro.Api.Events;

/// <summary>
/// Feeds <see cref="EventHub"/> while there are clients: immediately when the worker announces a version over Redis, and at a fixed
/// interval, which detects changes of runs and remains when Redis is unavailable.
/// </summary>
internal sealed partial class EventFeed(
    EventHub hub, EventReader events, CatalogueVersionTracker version, IOptions<ApiOptions> options, TimeProvider time,
        IHostApplicationLifetime lifetime,
    ILogger<EventFeed> logger)
    : BackgroundService
{
    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private bool _isFailing;

    /// <summary>Reads the events now, because a client has joined.</summary>
    public void Wake() => _wakes.Writer.TryWrite(true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // On ApplicationStopping rather than after the server has waited for its connections, which would not end on their own.
        using var closing = lifetime.ApplicationStopping.Register(hub.Close);
        version.Moved += OnMoved;
        try
        {
            await using var clock = time.CreateTimer(_ => Wake(), null, options.Value.VersionCheckInterval,
                options.Value.VersionCheckInterval);
            await foreach (var _ in _wakes.Reader.ReadAllAsync(stoppingToken))
            {
                if (hub.HasClients)
                {
                    await ReadAsync(stoppingToken);
                }
            }
        }
        finally
        {
            version.Moved -= OnMoved;
            hub.Close();
        }
    }

    private void OnMoved(object? sender, EventArgs arguments) => Wake();

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            hub.Publish(await events.ReadAsync(cancellationToken));
            if (_isFailing)
            {
                _isFailing = false;
                Log.Restored(logger);
            }
        }
        catch (CatalogueUnavailableException)
        {
            // CatalogueVersionPoller logs the outage; clients receive what happened once it is over.
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Catches every other exception: one that escapes from here would stop the whole service. Logs once: the next thousand reads
            // would log the same.
            if (!_isFailing)
            {
                _isFailing = true;
                Log.Failed(logger, exception);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The events could not be read")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(Level = LogLevel.Information, Message = "The events can be read again")]
        public static partial void Restored(ILogger logger);
    }
}
