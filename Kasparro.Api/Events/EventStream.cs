using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Kasparro.Api.Events;

/// <summary>The events of one client, continued from where it left off.</summary>
internal sealed class EventStream(EventHub hub, EventFeed feed, IOptions<ApiOptions> options, TimeProvider time)
{
    public const string CatalogueType = "catalogue";
    public const string RunType = "run";
    public const string HeartbeatType = "heartbeat";

    private static readonly TimeSpan ReconnectionInterval = TimeSpan.FromSeconds(2);

    /// <summary>
    /// When a client that has missed nothing gets its first heartbeat. The response's headers, from which it learns that it is connected,
    /// are sent with the first event.
    /// </summary>
    private static readonly TimeSpan FirstHeartbeat = TimeSpan.FromSeconds(0.5);

    /// <summary>Reads events until the client disconnects or falls behind, or the server stops.</summary>
    /// <param name="known">What the client has seen, or null for a new client.</param>
    /// <param name="cancellationToken">Signals that the client has disconnected.</param>
    public async IAsyncEnumerable<SseItem<string>> ReadAsync(EventPosition? known,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var client = hub.Join();
        try
        {
            feed.Wake();
            EventState? before = null;
            var isSilent = true;
            var waiting = client.Reader.WaitToReadAsync(cancellationToken).AsTask();
            while (true)
            {
                if (!await IsDueAsync(waiting, isSilent, cancellationToken))
                {
                    isSilent = false;
                    yield return new(JsonSerializer.Serialize(new(time.GetUtcNow().UtcDateTime), ApiJson.Relaxed.HeartbeatEvent),
                        HeartbeatType);
                    continue;
                }

                if (!await waiting)
                {
                    yield break;
                }

                while (client.Reader.TryRead(out var state))
                {
                    foreach (var (item, position) in before is null ? state.Position(state.Since(known), known)
                        : state.Position(state.Since(before), before.Newest))
                    {
                        isSilent = false;
                        yield return Item(item, position);
                    }

                    before = state;
                }

                waiting = client.Reader.WaitToReadAsync(cancellationToken).AsTask();
            }
        }
        finally
        {
            hub.Leave(client);
        }
    }

    private static SseItem<string> Item(object item, EventPosition position)
    {
        var (data, type) = item switch
        {
            CatalogueEvent moved => (JsonSerializer.Serialize(moved, ApiJson.Relaxed.CatalogueEvent), CatalogueType),
            RunEvent run => (JsonSerializer.Serialize(run, ApiJson.Relaxed.RunEvent), RunType),
            _ => throw new ArgumentOutOfRangeException(nameof(item), item, message: null),
        };
        return new(data, type) { EventId = position.ToString(), ReconnectionInterval = ReconnectionInterval };
    }

    /// <summary>Whether an event arrives before the next heartbeat is due.</summary>
    private async Task<bool> IsDueAsync(Task waiting, bool isFirst, CancellationToken cancellationToken)
    {
        var heartbeat = options.Value.HeartbeatInterval;
        try
        {
            await waiting.WaitAsync(isFirst && heartbeat > FirstHeartbeat ? FirstHeartbeat : heartbeat, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
